//! Expressions and statements.

use crate::support::check;

#[test]
fn constants_and_text() {
    check(&[
        ("1", "1"),
        ("0x1F", "31"),
        ("2kb", "2048"),
        ("1.5", "1.5"),
        ("1e3", "1000"),
        ("-5", "-5"),
        ("'a''b'", "\"a'b\""),
        ("\"a\"\"b\"", "\"a\\\"b\""),
        ("‘single’", "\"single\""),
        ("“double”", "\"double\""),
        (
            "$x = 7; \"x is $x, ${x}y, $($x + 1), `$x\"",
            "\"x is 7, 7y, 8, $x\"",
        ),
        ("\"a`tb`n\"", "\"a\\tb\\n\""),
        ("\"`u{263A}\"", "\"☺\""),
        ("@'\nline $x\n'@", "\"line $x\""),
        ("$x=1; @\"\nline $x\nmore\n\"@", "\"line 1\\nmore\""),
        ("\"$(Get-Date)\"", "\"2026-01-31 12:00:00\""),
        ("\"100%\" + '$'", "\"100%$\""),
        ("$true, $FALSE, $null", "True False null"),
        ("\"$x: y\"", "\": y\""),
        ("<# comment #> 1 # more", "1"),
        ("1 + `\n 2", "3"),
        ("\"a$($(1),2 -join '-')b\"", "\"a1-2b\""),
    ]);
}

#[test]
fn numbers_keep_their_text_as_arguments() {
    check(&[
        ("Show-Bound 0712", "\"Identity=0712\""),
        ("Show-Bound x -Text 1kb", "\"Identity=x Text=1kb\""),
        ("Show-Bound x -Text 0x10", "\"Identity=x Text=0x10\""),
        ("Show-Bound x -Text 1.50", "\"Identity=x Text=1.50\""),
        ("Show-Bound x -Text:0712", "\"Identity=x Text=0712\""),
        (
            "Show-Bound x -Text +14255551219",
            "\"Identity=x Text=+14255551219\"",
        ),
        (
            "$p = 0712; Show-Bound x -Text $p",
            "\"Identity=x Text=0712\"",
        ),
        ("$p = 0712; $p + 1", "713"),
        ("Show-Bound x -Whole 010", "\"Identity=x Whole=10\""),
    ]);
}

#[test]
fn operators_and_precedence() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("7 / 2", "3.5"),
        ("8 / 2", "4"),
        ("7 % 4", "3"),
        ("1,2 + 3", "1 2 3"),
        ("1..3 + 4", "1 2 3 4"),
        ("3..1", "3 2 1"),
        ("'a' * 3", "\"aaa\""),
        ("1,2 * 2", "1 2 1 2"),
        ("1 -eq 1 -and 2 -gt 1", "True"),
        ("$true -or $false -and $false", "False"),
        ("-not $true -eq $false", "True"),
        ("!$false", "True"),
        ("$true -xor $true", "False"),
        ("'{0}-{1:N2}' -f 'a', 1234.5", "\"a-1,234.50\""),
        (
            "'{0:D4}|{1,5}|{2,-3}|' -f 7, 'x', 'y'",
            "\"0007|    x|y  |\"",
        ),
        ("'{{0}}' -f 1", "\"{0}\""),
        ("'a,b;c' -split '[,;]'", "\"a\" \"b\" \"c\""),
        ("'a b' -replace '(\\w) (\\w)', '$2 $1x'", "\"b ax\""),
        ("'ABC' -creplace 'b', '-'", "\"ABC\""),
        ("1,2,3 -join '+'", "\"1+2+3\""),
        ("-join ('a','b')", "\"ab\""),
        ("'5' + 1", "\"51\""),
        ("5 + '1'", "6"),
        ("9223372036854775807 + 1", "9.223372036854776E+18"),
        ("1 – 1", "0"),
        ("1 —eq 1", "True"),
        ("5 -band 1", "error NotSupported"),
        ("1 -foo 1", "error UnknownOperator"),
        ("1/0", "reported DivideByZero"),
        ("'x' - 1", "reported NotANumber"),
    ]);
}

#[test]
fn comparisons() {
    check(&[
        ("'ABC' -eq 'abc'", "True"),
        ("'ABC' -ceq 'abc'", "False"),
        ("'ABC' -ieq 'abc'", "True"),
        ("1 -eq '1'", "True"),
        ("'1' -eq 1", "True"),
        ("'01' -eq 1", "False"),
        ("10 -gt '9'", "True"),
        ("'10' -gt '9'", "False"),
        ("$null -eq $null", "True"),
        ("$null -eq ''", "False"),
        ("$false -eq ''", "True"),
        ("$null -lt 1", "True"),
        ("'abc' -like 'A*'", "True"),
        ("'abc' -notlike 'a?c'", "False"),
        ("'a[b' -like 'a`[b'", "True"),
        ("'abc' -clike 'A*'", "False"),
        ("'Set-CsUser' -match 'Set-CsUser\\b'", "True"),
        ("'Set-CsUserX' -match 'Set-CsUser\\b'", "False"),
        (
            "'ab12' -match '(?<n>\\d+)'; $Matches.n; $Matches[0]",
            "True \"12\" \"12\"",
        ),
        ("1,2,3 -contains 2", "True"),
        ("1,2,3 -notcontains 2", "False"),
        ("'B' -in 'a','b'", "True"),
        ("'c' -notin 'a','b'", "True"),
        ("1,2,3,2 -eq 2", "2 2"),
        ("1,2,3 -gt 1", "2 3"),
        ("'a','b' -match 'b'", "\"b\""),
        (
            "if ('Set-CsUser','Get-CsUser' -match 'set') {'yes'}",
            "\"yes\"",
        ),
        ("if (@() -eq 1) {'yes'} else {'no'}", "\"no\""),
        ("1 -is [int]", "True"),
        ("1 -is [string]", "False"),
        ("'a' -isnot [string]", "False"),
        ("'12' -as [int]", "12"),
        ("'x' -as [int]", "null"),
        ("'2026-01-01' -as [datetime] -lt (Get-Date)", "True"),
        ("(Get-Date) -gt '2026-01-01'", "True"),
        ("'x' -match '(?=x)'", "reported RegexNotSupported"),
        ("'x' -match '('", "reported InvalidRegex"),
        ("1 -gt 'x'", "reported Incomparable"),
    ]);
}

/// An absent date is neither before nor after another (decided; PowerShell would say before).
#[test]
fn an_absent_date_has_no_order() {
    check(&[
        ("$null -lt (Get-Date)", "False"),
        ("$null -gt (Get-Date)", "False"),
        ("$null -le (Get-Date)", "False"),
        ("(Get-Date) -ge $null", "False"),
        ("(Get-Date) -eq $null", "False"),
        ("(Get-Date) -ne $null", "True"),
        (
            "Get-Person 6 | Where-Object {$_.Expires -lt (Get-Date)} | ForEach-Object {$_.Name}",
            "",
        ),
        (
            "Get-Person 6 | Where-Object {$_.Expires -le (Get-Date)} | ForEach-Object {$_.Name}",
            "\"Person 3\"",
        ),
    ]);
}

/// What the guide "from Lync to Pinward" says about the language where it differs.
#[test]
fn differences_from_the_original() {
    check(&[
        (
            "$x = $null; $x | ForEach-Object { 'turn' }; $null | ForEach-Object { 'turn' }",
            "\"turn\"",
        ),
        (
            "$x = 1 | Where-Object {$false}; $x | ForEach-Object { 'turn' }",
            "",
        ),
        (
            "$x = 1, 2; $y = @($x); $y += 3; $x.Count; $x | Measure-Object | ForEach-Object Count",
            "2 2",
        ),
        ("$x = 1 | Where-Object {$false}; @($x).Count", "0"),
        ("$x = $null; @($x).Count", "0"),
        ("@($null, 1).Count", "2"),
        ("$global:x = 1; $script:x; $x", "1 1"),
        ("'ab' -match 'a(?=b)'", "reported RegexNotSupported"),
        ("'aa' -match '(a)\\1'", "reported RegexNotSupported"),
        (
            "[pscustomobject]@{a = 1, 2} | ConvertTo-Csv | Select-Object -Last 1",
            "\"\\\"1; 2\\\"\"",
        ),
        ("[datetime]'3/2/2026' -eq [datetime]'2026-03-02'", "True"),
        (
            "(Get-Date) | ConvertTo-Json",
            "\"\\\"2026-01-31T12:00:00Z\\\"\"",
        ),
    ]);
}

#[test]
fn collections() {
    check(&[
        ("$a = 1,2,3; $a[0]; $a[-1]; $a[5]", "1 3 null"),
        ("$a = 1,2,3; $a[0,2]", "1 3"),
        ("$a = 1,2,3; $a[1..2]", "2 3"),
        (
            "@().Count; @(1).Count; (1,2).Length; $null.Count; (5).Count",
            "0 1 2 0 1",
        ),
        ("$a = @(); $a += 1; $a += 2,3; $a", "1 2 3"),
        ("$a = 1,2; $b = $a; $b[0] = 9; $a[0]; $b[0]", "1 9"),
        ("$a = ,1; $a.Count", "1"),
        (
            "$h = @{a=1; 'b c'=2; 3='x'}; $h.a; $h['B C']; $h[3]; $h.Count",
            "1 2 \"x\" 3",
        ),
        ("$h = @{}; $h.x = 1; $h['y'] = 2; $h.Keys", "\"x\" \"y\""),
        ("$h = @{a = 1\n b = 2}; $h.b", "2"),
        ("@{a=1;A=2}", "reported DuplicateKey"),
        ("$h = @{a=1}; $h.Remove('a'); $h.ContainsKey('a')", "False"),
        ("(@{a=1} + @{b=2}).Count", "2"),
        (
            "$o = [pscustomobject]@{Name='n'; Age=3}; $o.Age += 4; $o.age",
            "7",
        ),
        (
            "$o = [pscustomobject]@{Name='n'}; $o.Nme = 1",
            "reported PropertyNotFound",
        ),
        (
            "(Get-Person 3).Name",
            "\"Person 1\" \"Person 2\" \"Person 3\"",
        ),
        ("(Get-Person 2).Tags", "\"t1\" \"all\" \"t2\" \"all\""),
        ("(Get-Person 2)[1].Name", "\"Person 2\""),
        ("(Get-Person 1).Name[0]", "\"P\""),
        (
            "$p = 'Name'; (Get-Person 1).$p; (Get-Person 1).\"Age\"",
            "\"Person 1\" 10",
        ),
        ("$a, $b, $c = 1, 2, 3, 4; $c; $a", "3 4 1"),
        ("$null[0]", "reported NullIndex"),
        ("(1,2),(3,4) | ForEach-Object { $_[0] }", "1 3"),
        ("(1..3 | Where-Object {$_ -gt 1}) -join ','", "\"2,3\""),
    ]);
}

#[test]
fn methods() {
    check(&[
        ("'abc'.ToUpper()", "\"ABC\""),
        ("' x '.Trim().Length", "1"),
        ("'a,b'.Split(',')", "\"a\" \"b\""),
        (
            "'abc'.StartsWith('ab'), 'abc'.EndsWith('x'), 'abc'.Contains('b')",
            "True False True",
        ),
        ("'abcd'.Substring(1, 2)", "\"bc\""),
        ("'a'.PadLeft(3)", "\"  a\""),
        ("'abc'.Replace('b', 'x')", "\"axc\""),
        ("(Get-Date).AddDays(-1).Day", "30"),
        ("((Get-Date).AddMonths(1)).Month", "2"),
        ("((Get-Date) - (Get-Date).AddHours(-3)).TotalHours", "3"),
        ("(5).ToString()", "\"5\""),
        ("('a','b').ToUpper()", "\"A\" \"B\""),
        ("'abc'.Foo()", "reported MethodNotAvailable"),
        ("$null.Foo()", "reported NullMethod"),
        ("'a'.GetType().Name", "\"String\""),
    ]);
}

#[test]
fn casts() {
    check(&[
        ("[int]'12'", "12"),
        ("[int]2.5", "2"),
        ("[int]3.5", "4"),
        ("[string]12 + 'x'", "\"12x\""),
        ("[bool]0, [bool]'x'", "False True"),
        ("[datetime]'2026-01-02'", "2026-01-02 00:00:00"),
        ("[int[]]('1','2')", "1 2"),
        ("[int]$x = '7'; $x + 1", "8"),
        ("[int]'x'", "reported InvalidCast"),
        ("([ordered]@{b=1;a=2}).Keys", "\"b\" \"a\""),
        ("[void](1..3)", ""),
        ("[timespan]'1.02:03:04'", "1.02:03:04"),
    ]);
}

#[test]
fn statements() {
    check(&[
        (
            "if (1 -eq 2) {'a'} elseif ($true) {'b'} else {'c'}",
            "\"b\"",
        ),
        ("if ($false) {'a'}\nelse {'c'}", "\"c\""),
        ("foreach ($i in 1..3) { $i * 2 }", "2 4 6"),
        ("foreach ($i in $null) { 'x' }", ""),
        ("foreach ($p in Get-Person 2) { $p.Age }", "10 20"),
        (
            "foreach ($i in 1..5) { if ($i -eq 2) {continue}; if ($i -eq 4) {break}; $i }",
            "1 3",
        ),
        ("for ($i = 0; $i -lt 3; $i++) { $i }", "0 1 2"),
        ("$i = 3; while ($i -gt 0) { $i; $i-- }", "3 2 1"),
        ("$x = if ($true) {'a'} else {'b'}; $x", "\"a\""),
        ("$x = foreach ($i in 1..2) {$i}; $x.Count", "2"),
        ("$x = $y = 4; $x + $y", "8"),
        ("($x = 5) + 1", "6"),
        ("$x = 1; $x += 2; $x *= 3; $x -= 1; $x /= 4; $x", "2"),
        ("1; 2\n3", "1 2 3"),
        (
            "1..3 | ForEach-Object { if ($_ -eq 2) { return }; $_ }",
            "1 3",
        ),
        ("'a' |\n ForEach-Object { $_ + 'b' }", "\"ab\""),
        ("'a'\n| ForEach-Object { $_ + 'b' }", "\"ab\""),
        ("$_", "null"),
        ("$s = 'x'; $s += 1; $s", "\"x1\""),
        (
            "1..2 | ForEach-Object { $a = $_; 1..2 | ForEach-Object { \"$a$_\" } }",
            "\"11\" \"12\" \"21\" \"22\"",
        ),
        ("break", "error NoLoop"),
        ("1/0; 'after'", "\"after\" reported DivideByZero"),
        (
            "$ErrorActionPreference = 'Stop'; 1/0; 'after'",
            "error DivideByZero",
        ),
        ("exit 3", "Exit(3)"),
    ]);
}

#[test]
fn streaming_and_early_stop() {
    check(&[
        ("1..1000000 | Select-Object -First 2", "1 2"),
        (
            "1..5 | ForEach-Object { 1..3 } | Select-Object -First 4",
            "1 2 3 1",
        ),
        (
            "1..3 | ForEach-Object { 1..9 | Select-Object -First 1 }",
            "1 1 1",
        ),
        ("1..3 | Select-Object -First 1; 'next'", "1 \"next\""),
        (
            "Get-Person | Where-Object Age -gt 10 | ForEach-Object Name",
            "\"Person 2\" \"Person 3\"",
        ),
        (
            "Get-Person | Where-Object {$_.Age -gt 10} | Measure-Object | ForEach-Object Count",
            "2",
        ),
        (
            "Get-Person | Where-Object { $_.Tags -match 't2' } | ForEach-Object {$_.Name}",
            "\"Person 2\"",
        ),
        ("Get-Person | ? Name -like '*3' | % { $_.Age }", "30"),
    ]);
}
