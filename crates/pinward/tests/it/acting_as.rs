//! Who uses the program: the owner of the data folder, or a user with the roles they hold.

use crate::program::{Run, Sample};

/// A run with the roles of a user.
fn run_as(sample: &Sample, user: &str, arguments: &[&str]) -> Run {
    let mut command = sample.command();
    command.args(["--as", user]).args(arguments);
    command.output().expect("the program starts").into()
}

// R-RBAC-1, R-RBAC-4: any form of a name; the session has the cmdlets of the roles and no others
#[test]
fn a_user_may_do_what_their_roles_allow() {
    let sample = Sample::new();
    sample
        .run("Grant-CsAdminRole johnsmith CsVoiceAdministrator")
        .well();
    for (user, sees, lacks) in [
        ("litwareinc\\kenmyer", "Set-CsClientPin", "Set-CsPinPolicy"),
        (
            "sip:packerman@litwareinc.com",
            "Lock-CsClientPin",
            "Set-CsClientPin",
        ),
        (
            "packerman@litwareinc.com",
            "Unlock-CsClientPin",
            "Get-CsPinPolicy",
        ),
        ("John Smith", "Get-CsUser", "Lock-CsClientPin"),
    ] {
        let run = run_as(
            &sample,
            user,
            &["-c", "Get-Command | ForEach-Object {$_.Name}"],
        )
        .well();
        let names: Vec<&str> = run.out.lines().map(str::trim).collect();
        assert!(
            names.contains(&sees) && !names.contains(&lacks),
            "{user}: {names:?}"
        );
        let run = run_as(&sample, user, &["-c", lacks]);
        assert_eq!(run.code, Some(1), "{user}: {run:?}");
        assert!(run.err.contains(lacks), "{user}: {run:?}");
    }
}

// R-RBAC-3: a help desk for the PINs of one unit and nothing else
#[test]
fn a_role_of_the_companys_own_reaches_its_scope_and_no_further() {
    let sample = Sample::new();
    sample
        .run(
            "New-CsAdminRole PinReset -Template CsHelpDesk -Cmdlets Get-CsUser,Set-CsClientPin \
             -UserScopes 'OU:ou=Finance,dc=litwareinc,dc=com' | Out-Null\n\
             Grant-CsAdminRole johnsmith PinReset",
        )
        .well();
    let run = |pipeline: &str| run_as(&sample, "johnsmith", &["-c", pipeline]);
    let names = run("Get-CsUser | ForEach-Object {$_.Identity}").well().out;
    assert!(names.lines().count() > 5, "{names}");
    for name in names.lines().filter(|line| !line.trim().is_empty()) {
        assert!(
            name.trim().ends_with(",OU=Finance,DC=litwareinc,DC=com"),
            "{name}"
        );
    }
    run("Set-CsClientPin mariagarcia2 -Pin 18723834").well();
    let outside = run("Set-CsClientPin kenmyer -Pin 18723834");
    let nowhere = run("Set-CsClientPin nobody77 -Pin 18723834");
    assert_eq!(outside.err.replace("kenmyer", "nobody77"), nowhere.err);
    assert_eq!(outside.code, Some(1));
    assert_eq!(
        sample.texts("Get-CsClientPinInfo kenmyer", "IsPinSet"),
        ["false"]
    );
}

// R-RBAC-1, R-RBAC-4
#[test]
fn whoever_holds_no_role_may_do_nothing() {
    let sample = Sample::new();
    for (user, told) in [
        ("johnsmith", "holds no role"),
        ("nobody77", "no user is found"),
        ("Maria Garcia", "names 2 users"),
        ("*", "names"),
    ] {
        let run = run_as(&sample, user, &["-c", "Get-CsUser"]);
        assert_eq!(run.code, Some(1), "{user}: {run:?}");
        assert!(
            run.out.is_empty() && run.err.contains(told),
            "{user}: {run:?}"
        );
    }
}

// R-RBAC-2: subcommands ask for their rights too
#[test]
fn imports_need_their_right_and_keys_belong_to_the_owner() {
    let sample = Sample::new();
    let file = sample.everything().join("people.csv");
    std::fs::write(
        &file,
        "SamAccountName,DisplayName,Domain\nnew,New One,LITWAREINC\n",
    )
    .unwrap();
    let file = file.to_str().expect("a path");
    let run = run_as(&sample, "kenmyer", &["import", file]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.err.contains("LITWAREINC\\kenmyer") && run.err.contains("Import-CsUser"),
        "{run:?}"
    );
    sample
        .run("Grant-CsAdminRole kenmyer CsAdministrator")
        .well();
    let run = run_as(&sample, "kenmyer", &["import", file]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = run_as(&sample, "kenmyer", &["key", "status"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}
