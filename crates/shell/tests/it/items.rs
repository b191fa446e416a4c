//! The language of the reference, item by item: each row names the item it shows.

use std::path::Path;

use crate::support::{check, result, session};

/// Item, source, what it puts out.
const ITEMS: &[(&str, &str, &str)] = &[
    (
        "pipelines",
        "Get-Person 2 | ForEach-Object {$_.Age} | Measure-Object -Sum | ForEach-Object Sum",
        "30",
    ),
    (
        "pipelines",
        "1, 2 |\n  # a remark between\n  ForEach-Object { $_ * 2 }",
        "2 4",
    ),
    (
        "named parameters",
        "Show-Bound -Text b -Identity a",
        "\"Identity=a Text=b\"",
    ),
    (
        "positional parameters",
        "Show-Bound a b",
        "\"Identity=a Text=b\"",
    ),
    (
        "abbreviated parameters",
        "Show-Bound -Id a -te b",
        "\"Identity=a Text=b\"",
    ),
    (
        "switch parameters",
        "Show-Bound a -Force",
        "\"Identity=a Force=True\"",
    ),
    (
        "`-Confirm:$false`",
        "Remove-Thing a -Confirm:$false",
        "\"removed a\"",
    ),
    (
        "`-Confirm:$false`",
        "Show-Bound a -Force:$false",
        "\"Identity=a Force=False\"",
    ),
    (
        "`-`",
        "Show-Bound a -Force; 5 - 1; 1 -eq 1",
        "\"Identity=a Force=True\" 4 True",
    ),
    (
        "en dash",
        "Show–Bound a –Force; 5 – 1; 1 –eq 1",
        "\"Identity=a Force=True\" 4 True",
    ),
    (
        "em dash",
        "Show—Bound a —Force; 5 — 1; 1 —eq 1",
        "\"Identity=a Force=True\" 4 True",
    ),
    (
        "horizontal bar",
        "Show―Bound a ―Force; 5 ― 1; 1 ―eq 1",
        "\"Identity=a Force=True\" 4 True",
    ),
    (
        "straight quotation marks",
        "'a $x'; \"b\"",
        "\"a $x\" \"b\"",
    ),
    (
        "curly quotation marks",
        "‘a’; ‚b‛; “c”; „d”; $x = 1; “x = $x”",
        "\"a\" \"b\" \"c\" \"d\" \"x = 1\"",
    ),
    ("single quoted strings", "'it''s $x `n'", "\"it's $x `n\""),
    (
        "double quoted strings with expansion",
        "$x = 7; \"$x ${x}y $($x + 1) `$x `\"q`\" \"\"q\"\"\"",
        "\"7 7y 8 $x \\\"q\\\" \\\"q\\\"\"",
    ),
    (
        "double quoted strings with expansion",
        "$p = Get-Person 1; \"$($p.Name): $(if ($p.Age -gt 5) {'old'} else {'young'})\"",
        "\"Person 1: old\"",
    ),
    (
        "here-strings",
        "$x = 1; @\"\nfirst $x\n\"quoted\" $($x + 1)\n\"@",
        "\"first 1\\n\\\"quoted\\\" 2\"",
    ),
    ("here-strings", "@'\nas $it is\n'@", "\"as $it is\""),
    (
        "numbers that keep their text",
        "Show-Bound 0712; Show-Bound x -Text 1.50",
        "\"Identity=0712\" \"Identity=x Text=1.50\"",
    ),
    (
        "`$true $false $null $_`",
        "$true; $False; $null -eq $NULL; 3 | ForEach-Object { $_ }; 4 | % { $PSItem }",
        "True False True 3 4",
    ),
    (
        "variables",
        "$a1 = 1; ${with blank} = 2; $A1; ${With Blank}",
        "1 2",
    ),
    (
        "assignment",
        "$a = 1; $a += 2; $b = $c = $a * 2; $d, $e = 'x', 'y'; $a; $b; $c; $e",
        "3 6 6 \"y\"",
    ),
    (
        "property read",
        "(Get-Person 1).Name; (Get-Person 2).Age; $n = 'Name'; (Get-Person 1).$n",
        "\"Person 1\" 10 20 \"Person 1\"",
    ),
    (
        "property write",
        "$p = Get-Person 1; $p.Name = 'Ann'; $p.Age += 5; $p.name; $p.age",
        "\"Ann\" 15",
    ),
    (
        "property write",
        "$h = @{a = @{b = 1}}; $h.a.b = 2; $h['c'] = 3; $l = 1, 2; $l[1] = 9; $h.a.b; $h.c; $l",
        "2 3 1 9",
    ),
    (
        "arrays `a,b`",
        "$a = 1,2, 3; $a.Count; $a[0]; $a[-1]; $a[0..1]",
        "3 1 3 1 2",
    ),
    (
        "arrays `@(…)`",
        "@().Count; $none = Get-Person | Where-Object Age -gt 99; @($none).Count; @(Get-Person 1).Count; @(\n  1 # one\n  2\n).Count",
        "0 0 1 2",
    ),
    (
        "hash tables `@{…}`",
        "$h = @{a = 1; 'b c' = 'x'\n  d = @(1, 2)}; $h.a; $h['b c']; $h.d.Count; $h.Keys",
        "1 \"x\" 2 \"a\" \"b c\" \"d\"",
    ),
    (
        "hash tables `@{…}`",
        "$h = @{a = 1; b = 2}; $h.GetEnumerator() | ForEach-Object { \"$($_.Key)=$($_.Value)\" }",
        "\"a=1\" \"b=2\"",
    ),
    (
        "sub-expressions `$(…)`",
        "$(1; 2); \"$(1; 2)\"",
        "1 2 \"1 2\"",
    ),
    (
        "sub-expressions `(…)`",
        "(1 + 2) * 3; (Get-Person 3).Count; ($x = 5) + 1",
        "9 3 6",
    ),
    (
        "script blocks",
        "1..3 | Where-Object { $_ -gt 1 } | ForEach-Object { $_; $_ * 10 }",
        "2 20 3 30",
    ),
    (
        "`-eq`",
        "'A' -eq 'a'; 'A' -ceq 'a'; 'A' -ieq 'a'; 1,2,1 -eq 1",
        "True False True 1 1",
    ),
    (
        "`-ne`",
        "'A' -ne 'a'; 'A' -cne 'a'; 'A' -ine 'a'; 1,2 -ne 1",
        "False True False 2",
    ),
    (
        "`-gt`",
        "'b' -gt 'A'; 'a' -cgt 'A'; 'B' -cgt 'a'; 'a' -igt 'B'; 10 -gt 9",
        "True False True False True",
    ),
    (
        "`-ge`",
        "'A' -ge 'a'; 'a' -cge 'b'; 'A' -ige 'a'; 9 -ge 9",
        "True False True True",
    ),
    (
        "`-lt`",
        "'a' -lt 'B'; 'a' -clt 'A'; 'a' -ilt 'A'; 9 -lt 10",
        "True True False True",
    ),
    (
        "`-le`",
        "'A' -le 'a'; 'b' -cle 'a'; 'A' -ile 'a'; 9 -le 9",
        "True False True True",
    ),
    (
        "`-like`",
        "'Abc' -like 'a?C*'; 'Abc' -clike 'a*'; 'Abc' -ilike 'a*'",
        "True False True",
    ),
    (
        "`-notlike`",
        "'Abc' -notlike 'a*'; 'Abc' -cnotlike 'a*'; 'Abc' -inotlike 'a*'",
        "False True False",
    ),
    (
        "`-match`",
        "'Abc' -match '^a(.)'; $Matches[1]; 'Abc' -cmatch '^a'; 'Abc' -imatch 'B'",
        "True \"b\" False True",
    ),
    (
        "`-notmatch`",
        "'Abc' -notmatch 'b'; 'Abc' -cnotmatch 'B'; 'Abc' -inotmatch 'B'",
        "False True False",
    ),
    (
        "`-contains`",
        "'a','b' -contains 'B'; 'a','b' -ccontains 'B'; 'a','b' -icontains 'B'",
        "True False True",
    ),
    (
        "`-notcontains`",
        "'a','b' -notcontains 'B'; 'a','b' -cnotcontains 'B'; 'a','b' -inotcontains 'B'",
        "False True False",
    ),
    (
        "`-in`",
        "'B' -in 'a','b'; 'B' -cin 'a','b'; 'B' -iin 'a','b'",
        "True False True",
    ),
    (
        "`-notin`",
        "'B' -notin 'a','b'; 'B' -cnotin 'a','b'; 'B' -inotin 'a','b'",
        "False True False",
    ),
    (
        "`-is`",
        "1 -is [int]; 'a' -is [string]; (Get-Date) -is [datetime]; 1 -isnot [string]",
        "True True True True",
    ),
    (
        "`-is`",
        "(Get-Person 1) -is [array]; @(1) -is [array]; @{} -is [hashtable]; { 1 } -is [scriptblock]",
        "False True True True",
    ),
    ("`-and`", "$true -and 1; 1 -and $null", "True False"),
    ("`-or`", "$false -or 'x'; '' -or 0", "True False"),
    (
        "`-not !`",
        "-not $true; !$false; !(1 -eq 2); -not ''",
        "False True True True",
    ),
    (
        "arithmetic",
        "2 + 3 * 4; 7 / 2; 7 % 4; -3; 1.5 + 1; 'a' * 2; 'a' + 1; 2kb",
        "14 3.5 3 -3 2.5 \"aa\" \"a1\" 2048",
    ),
    (
        "`-replace`",
        "'Abc' -replace 'b(.)', '$1-'; 'Abc' -creplace 'B', 'x'; 'Abc' -ireplace 'B', 'x'; 'a1b2' -replace '\\d'",
        "\"Ac-\" \"Abc\" \"Axc\" \"ab\"",
    ),
    (
        "`-split`",
        "'a1b2c' -split '\\d'; 'aXb' -csplit 'x'; 'aXb' -isplit 'x'; -split ' a  b '; 'a,b,c' -split ',', 2",
        "\"a\" \"b\" \"c\" \"aXb\" \"a\" \"b\" \"a\" \"b\" \"a\" \"b,c\"",
    ),
    (
        "`-join`",
        "1, 2, 3 -join '; '; -join ('a', 'b')",
        "\"1; 2; 3\" \"ab\"",
    ),
    (
        "`-f`",
        "'{0}|{1,6:N1}|{0,-4}|{2:yyyy-MM-dd}|{{}}' -f 'a', 1234.56, (Get-Date)",
        "\"a|1,234.6|a   |2026-01-31|{}\"",
    ),
    (
        "comments",
        "1 # to the end\n<# over\n several lines #> 2; 'a#b'; 3 <# inside #> + 4",
        "1 2 \"a#b\" 7",
    ),
    (
        "backtick continuation",
        "Show-Bound a `\n  -Text b `\n  -Force; 1 + `\n 2",
        "\"Identity=a Text=b Force=True\" 3",
    ),
    (
        "`if/elseif/else`",
        "foreach ($i in 1..3) { if ($i -eq 1) { 'a' } elseif ($i -eq 2) { 'b' } else { 'c' } }",
        "\"a\" \"b\" \"c\"",
    ),
    (
        "`if/elseif/else`",
        "if ($p = Get-Person 1) { $p.Name }\nelse\n{ 'nobody' }; if ($q = $null) { 1 } else { 2 }",
        "\"Person 1\" 2",
    ),
    (
        "`foreach`",
        "foreach ($p in Get-Person 2)\n{ $p.Name; if ($p.Age -gt 5) { continue } }; foreach ($x in 1, 2) { break }; 'end'",
        "\"Person 1\" \"Person 2\" \"end\"",
    ),
    (
        "splatting",
        "$p = @{Identity = 'a'; Force = $true}; Show-Bound @p -Text b",
        "\"Identity=a Text=b Force=True\"",
    ),
    (
        "splatting",
        "$p = 'a', 'b'; Show-Bound @p",
        "\"Identity=a Text=b\"",
    ),
    (
        "Where-Object",
        "Get-Person | Where-Object {$_.Age -ge 20} | ForEach-Object Name; Get-Person | Where-Object Age -lt 20 | ForEach-Object Name; Get-Person | ? Name | Measure-Object | % Count",
        "\"Person 2\" \"Person 3\" \"Person 1\" 3",
    ),
    (
        "ForEach-Object",
        "1..2 | ForEach-Object -Begin {'b'} -Process {$_} -End {'e'}; Get-Person 1 | ForEach-Object Name; 'a' | ForEach-Object ToUpper",
        "\"b\" 1 2 \"e\" \"Person 1\" \"A\"",
    ),
    (
        "Select-Object",
        "(Get-Person 3 | Select-Object -First 1 Name, Age).Age; Get-Person 3 | Select-Object -Last 1 -ExpandProperty Name; 1..4 | Select-Object -Skip 2; 1,1 | Select-Object -Unique",
        "10 \"Person 3\" 3 4 1",
    ),
    (
        "-ExpandProperty",
        "Get-Person 1 | Select-Object -ExpandProperty Tags",
        "\"t1\" \"all\"",
    ),
    ("-First", "1..9 | Select-Object -First 2", "1 2"),
    (
        "calculated properties",
        "Get-Person 1 | Select-Object Name, @{Name='Twice'; Expression={$_.Age * 2}}, @{n='N'; e='Age'}, @{Label='L'; Expression={'x'}} | ForEach-Object { $_.Twice; $_.N; $_.L }",
        "20 10 \"x\"",
    ),
    (
        "Sort-Object",
        "3,1,2 | Sort-Object -Descending; Get-Person | Sort-Object @{Expression={$_.Age}; Descending=$true} | ForEach-Object Age; 'b','A','b' | Sort-Object -Unique",
        "3 2 1 30 20 10 \"A\" \"b\"",
    ),
    (
        "Group-Object",
        "1..5 | Group-Object { $_ % 2 } | ForEach-Object { \"$($_.Name): $($_.Count) $($_.Group -join ',')\" }",
        "\"0: 2 2,4\" \"1: 3 1,3,5\"",
    ),
    (
        "Measure-Object",
        "$m = 1,5,3 | Measure-Object -Sum -Average -Minimum -Maximum; $m.Count; $m.Sum; $m.Average; $m.Minimum; $m.Maximum; (Get-Person | Measure-Object Age -Sum).Sum",
        "3 9 3 1 5 60",
    ),
    (
        "Tee-Object",
        "1..3 | Tee-Object -Variable seen | Measure-Object | ForEach-Object Count; $seen -join ','",
        "3 \"1,2,3\"",
    ),
    (
        "Format-Table",
        "(Get-Person 1 | Format-Table Name, @{L='Years'; E={$_.Age}} -AutoSize | Out-String).Trim()",
        "\"Name     Years\\n----     -----\\nPerson 1    10\"",
    ),
    (
        "Format-List",
        "(Get-Person 1 | Format-List Name, Age | Out-String).Trim()",
        "\"Name : Person 1\\nAge  : 10\"",
    ),
    ("Out-String", "('a', 'b' | Out-String).Length", "4"),
    (
        "Write-Output",
        "Write-Output 1, 'b'; (Write-Output 1, 2 -NoEnumerate).Count",
        "1 \"b\" 2",
    ),
    (
        "ConvertTo-Json",
        "ConvertTo-Json @{a = 1; b = @('x', $null, $true)} -Compress",
        "\"{\\\"a\\\":1,\\\"b\\\":[\\\"x\\\",null,true]}\"",
    ),
    (
        "ConvertTo-Csv",
        "[pscustomobject]@{a = 1; b = 'x\"y'} | ConvertTo-Csv -NoTypeInformation",
        "\"\\\"a\\\",\\\"b\\\"\" \"\\\"1\\\",\\\"x\\\"\\\"y\\\"\"",
    ),
    (
        "Export-Csv",
        "Get-Person 2 | Select-Object Name, Age | Export-Csv -Path out.csv -NoTypeInformation; (Import-Csv out.csv).Age",
        "\"10\" \"20\"",
    ),
    (
        "Import-Csv",
        "@{a = '1,2'} | ForEach-Object { [pscustomobject]$_ } | Export-Csv x.csv; (Import-Csv x.csv).a",
        "\"1,2\"",
    ),
    (
        "ConvertFrom-Json",
        "$j = '{\"a\": [1, {\"b\": \"x\"}], \"c\": null}' | ConvertFrom-Json; $j.a[0]; $j.a[1].b; $j.c -eq $null",
        "1 \"x\" True",
    ),
    (
        "Get-Date",
        "Get-Date; Get-Date -Format 'yyyy-MM'; (Get-Date '2026-02-03').Day; (Get-Date).AddDays(-1).ToString('dd.MM.'); ((Get-Date) - (Get-Date).AddHours(-2)).TotalMinutes",
        "2026-01-31 12:00:00 \"2026-01\" 3 \"30.01.\" 120",
    ),
    (
        "Get-Command",
        "(Get-Command Show-Bound).Name; Get-Command Get-Pers* | ForEach-Object Name",
        "\"Show-Bound\" \"Get-Person\"",
    ),
    (
        "Get-Help",
        "(Get-Help Get-Date | Out-String) -match 'SYNOPSIS'; (Get-Date -? | Out-String) -match 'SYNOPSIS'",
        "True True",
    ),
    (
        "Get-Member",
        "Get-Person 1 | Get-Member -MemberType Property | ForEach-Object Name | Select-Object -First 1",
        "\"Age\"",
    ),
    (
        "Get-Content",
        "'a', 'b' | Out-File t.txt; Get-Content t.txt; (Get-Content t.txt -Raw).Length",
        "\"a\" \"b\" 4",
    ),
    (
        "Get-History",
        "(Get-History)[1].CommandLine; (Get-History -Count 1).Id",
        "\"Get-Person 2\" 2",
    ),
];

#[test]
fn every_item_of_the_language_is_there() {
    let wrong: Vec<String> = ITEMS
        .iter()
        .filter_map(|(item, source, wanted)| {
            let (session, host) = session();
            host.with(|seen| seen.history = vec!["Get-Person".into(), "Get-Person 2".into()]);
            let got = crate::support::result_in(session, &host, source);
            (got != *wanted)
                .then(|| format!("{item}\n   {source}\n   wanted {wanted}\n   got    {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the page names in its words on the language is named in the table, wherever the page is at
/// hand.
#[test]
fn the_items_are_those_of_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec/cmdlets.md");
    let Ok(page) = std::fs::read_to_string(page) else {
        println!("the reference is not at hand; only the table is tested");
        return;
    };
    let part = page
        .split("## The language they are used in")
        .nth(1)
        .unwrap();
    let part = part.split("\n## ").next().unwrap();
    let named: Vec<&str> = part
        .split(|c: char| c.is_whitespace() || "`(),.;:…".contains(c))
        .filter(|word| is_command(word) || is_operator(word))
        .collect();
    assert!(named.len() > 40, "{named:?}");
    for word in named {
        let there = |item: &str| {
            item.trim_matches('`')
                .split(['`', ' '])
                .any(|part| part == word)
        };
        assert!(ITEMS.iter().any(|(item, ..)| there(item)), "{word}");
    }
}

fn is_command(word: &str) -> bool {
    let capital = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase());
    word.split_once('-')
        .is_some_and(|(verb, noun)| capital(verb) && capital(noun))
}

fn is_operator(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()) && name != "Confirm"
    })
}

/// Names of types that people write by habit: as casts and after -is.
#[test]
fn types_by_name() {
    check(&[
        ("[int]'12' + 1", "13"),
        (
            "[Int32]'12'; [long]'12'; [uint32]12; [System.Int32]'12'",
            "12 12 12 12",
        ),
        ("[string]12 + 1", "\"121\""),
        ("[bool]'x'; [boolean]0", "True False"),
        ("[double]'1.5'; [decimal]'2.5'; [float]3", "1.5 2.5 3"),
        (
            "[datetime]'2026-02-03'; ([DateTime]'2/3/2026').Month",
            "2026-02-03 00:00:00 2",
        ),
        ("([timespan]'1:30').TotalMinutes", "90"),
        (
            "([array]1).Count; ([string[]](1, 2))[0]; ([int[]]'3')[0]",
            "1 \"1\" 3",
        ),
        (
            "([pscustomobject]@{a = 1}).a; ([ordered]@{b = 1; a = 2}).Keys",
            "1 \"b\" \"a\"",
        ),
        ("[int]$n = '5'; $n + 1", "6"),
        ("[guid]'x'", "error NotSupported"),
        ("[xml]'<a/>'", "error NotSupported"),
        ("[regex]'a'", "error NotSupported"),
        ("[char]65", "error NotSupported"),
        ("[math]::Round(1)", "error NotSupported"),
        ("New-Object PSObject", "reported NotSupported"),
    ]);
    assert_eq!(result("[nosuchtype]1"), "error NotSupported");
}
