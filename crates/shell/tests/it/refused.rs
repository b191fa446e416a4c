//! What lies outside the subset is refused by name, never misread.

use pinward_shell::Stop;

use crate::support::{check, session};

#[test]
fn constructs_are_refused_by_name() {
    let table = [
        ("function f { 1 }", "\"function\""),
        ("try { 1 } catch { 2 }", "\"try\""),
        ("switch (1) { 1 {2} }", "\"switch\""),
        ("do { 1 } while ($false)", "\"do\""),
        ("throw 'x'", "\"throw\""),
        ("class A { }", "\"class\""),
        ("param($x)", "\"param\""),
        ("{ param($x) $x }", "\"param\""),
        ("& 'Get-Person'", "the call operator &"),
        (". ./x.ps1", "running a script or program with ."),
        ("./x.ps1", "running a script or program with ."),
        ("/bin/ls", "running a program or script file"),
        ("C:\\x.exe", "running a program or script file"),
        ("Get-Person > x.txt", "a redirection"),
        ("Get-Person 2>&1", "a redirection"),
        ("Get-Person *> x", "a redirection"),
        ("Get-Person &", "running in the background with &"),
        ("Get-Person && Get-Person", "the operator &&"),
        ("Get-Person || Get-Person", "the operator ||"),
        ("$x ? 1 : 2", "the operator ? :"),
        ("$x ?? 2", "the operator ??"),
        ("[math]::Round(1.5)", "the type [math]"),
        ("[datetime]::Now", "a static member of [datetime]"),
        (
            "[System.IO.File]::ReadAllText('x')",
            "the type [System.IO.File]",
        ),
        ("$env:PATH", "$env:"),
        ("$args", "the variable $args"),
        ("Show-Bound --% x", "the stop-parsing mark --%"),
        (":outer foreach ($x in 1) { }", "a loop label"),
        ("5 -bor 1", "the operator -bor"),
        ("++$x", "the operator ++ in front"),
        ("[Parameter()]$x", "an attribute"),
        ("filter f { $_ }", "\"filter\""),
        ("Switch ($x) { 1 { 2 } }", "\"switch\""),
        ("finally { 1 }", "\"finally\""),
        ("trap { 1 }", "\"trap\""),
        ("until ($x) { }", "\"until\""),
        ("enum E { a }", "\"enum\""),
        ("using module x", "\"using\""),
        ("begin { 1 }", "\"begin\""),
        ("process { 1 }", "\"process\""),
        ("end { 1 }", "\"end\""),
        ("Get-Person | & { $_ }", "the call operator &"),
        ("Get-Person 2> x", "a redirection"),
        ("Get-Person >> x", "a redirection"),
        ("foreach -parallel ($x in 1) { }", "\"foreach -parallel\""),
        ("$x?.Name", "the operator ?."),
        ("5 -shl 1", "the operator -shl"),
        ("--$x", "the operator -- in front"),
        ("$using:x", "$using:"),
        ("$input", "the variable $input"),
        (
            "$PSVersionTable.PSVersion.Major -ge 5",
            "the variable $psversiontable",
        ),
        ("$Host.UI", "the variable $host"),
        ("$HOME", "the variable $home"),
        ("$OFS = ','", "the variable $ofs"),
        (
            "$PSDefaultParameterValues = @{}",
            "the variable $psdefaultparametervalues",
        ),
        ("$PSScriptRoot", "the variable $psscriptroot"),
        ("$MyInvocation.MyCommand", "the variable $myinvocation"),
        ("(Get-Person 1).PSObject.Properties", "the member PSObject"),
        (
            "[System.Net.Dns]::GetHostName()",
            "the type [System.Net.Dns]",
        ),
        ("[string]::IsNullOrEmpty('')", "a static member of [string]"),
        ("[guid]'x'", "the type [guid]"),
        ("[xml]'<a/>'", "the type [xml]"),
    ];
    for (source, construct) in table {
        let (mut session, _) = session();
        match session.collect(source) {
            Err(Stop::Terminated(error)) => {
                assert_eq!(error.id, "NotSupported", "{source}: {error}");
                assert!(error.message.contains(construct), "{source}: {error}");
            }
            other => panic!("{source}: {other:?}"),
        }
    }
}

/// Commands of PowerShell that are not here are told by name, with what to write instead.
#[test]
fn commands_are_refused_by_name() {
    for (source, name, advice) in [
        ("Import-Module Lync", "Import-Module", "leave this line out"),
        (
            "New-Object PSObject -Property @{a=1}",
            "New-Object",
            "[pscustomobject]",
        ),
        ("'x' | Set-Content f.txt", "Set-Content", "Out-File"),
        ("Get-Person | grep x", "grep", "Where-Object"),
        (
            "Invoke-Command -ComputerName x { 1 }",
            "Invoke-Command",
            "this machine",
        ),
        ("Set-Variable x 5", "Set-Variable", "$name = value"),
        ("ls", "ls", ""),
        ("Get-Process", "Get-Process", ""),
        ("invoke-expression 'x'", "invoke-expression", ""),
    ] {
        let (mut session, host) = session();
        assert!(session.collect(source).is_ok(), "{source}");
        host.with(|seen| {
            let [error] = &seen.errors[..] else {
                panic!("{source}: {:?}", seen.errors);
            };
            assert_eq!(error.id, "NotSupported", "{source}");
            assert!(error.message.contains(name), "{source}: {error}");
            let given = error.advice.as_deref().unwrap_or_default();
            assert!(given.contains(advice), "{source}: {error}");
        });
    }
}

#[test]
fn slips_are_errors() {
    check(&[
        (
            "Show-Bound \"\"sip:x@example.com\"\"",
            "error TextAfterQuote",
        ),
        ("'a' 'b'", "error Unexpected"),
        ("1 2", "error Unexpected"),
        ("$x = 1 + Get-Person", "error Expected"),
        ("1 | 2", "error ExpressionInPipeline"),
        ("Show-Bound a,", "error Incomplete"),
        ("5 = 6", "error InvalidTarget"),
        ("$true = 6", "error InvalidTarget"),
        ("if (1) 2", "error Expected"),
        ("else { }", "error Unexpected"),
        (")", "error Unexpected"),
        ("}", "error Unexpected"),
        ("@params", "error Unexpected"),
        ("12abc", "reported CommandNotFound"),
        ("Get-Persn", "reported CommandNotFound"),
        ("$a.b() = 1", "error InvalidTarget"),
    ]);
}

#[test]
fn errors_show_place_and_mask_digits() {
    let (mut session, host) = session();
    let result = session.run("Show-Bound x\nSet-Secret ken -Pin 18723834 )");
    assert!(result.parse_failed);
    let shown = host.with(|seen| seen.errors[0].to_string());
    assert!(shown.contains("At line 2, column 30"), "{shown}");
    assert!(!shown.contains("18723834"), "{shown}");
    assert!(shown.contains("-Pin ********"), "{shown}");
}

#[test]
fn the_nearest_name_is_suggested() {
    let (mut session, host) = session();
    session.run("Get-Persn; Show-Bound x -Txt 1");
    let advice: Vec<_> = host.with(|seen| {
        seen.errors
            .iter()
            .filter_map(|e| e.advice.clone())
            .collect()
    });
    assert_eq!(advice, ["Did you mean Get-Person?", "Did you mean -Text?"]);
}
