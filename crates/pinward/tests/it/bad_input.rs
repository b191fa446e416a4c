//! Bad input: a clear error, nothing changed, exit code 1, and the rest of the pipeline goes through.

use crate::program::Sample;

/// Everything that a command could have changed.
fn state(sample: &Sample) -> String {
    let commands = "Get-CsPinPolicy | ConvertTo-Json; \
         Get-CsUser | Get-CsClientPinInfo | ConvertTo-Json; \
         Get-CsUser | Select-Object SipAddress, PinPolicy | ConvertTo-Json";
    sample.run(commands).well().out
}

#[test]
fn each_mistake_is_told_and_changes_nothing() {
    let sample = Sample::new();
    sample
        .run("Set-CsClientPin 'Pilar Ackerman' 383042650; Lock-CsClientPin 'Pilar Ackerman'")
        .well();
    let disabled = sample.texts(
        "Get-CsAdUser | Where-Object { -not $_.Enabled }",
        "SamAccountName",
    );
    let disabled = format!("Set-CsClientPin litwareinc\\{}", disabled[0]);
    let shared = sample.texts(
        "Get-CsUser | Group-Object DisplayName | Where-Object { $_.Count -gt 1 }",
        "Name",
    );
    let ambiguous = format!("Set-CsClientPin '{}' 18723834", shared[0]);
    let before = state(&sample);
    // The command, and words that its error must contain.
    let table: &[(&str, &[&str])] = &[
        // R-PIN-1, R-PIN-2, R-PIN-3
        ("Set-CsClientPin litwareinc\\kenmyer 12a4567", &["digits"]),
        ("Set-CsClientPin litwareinc\\kenmyer 1259", &["at least"]),
        (
            "Set-CsClientPin litwareinc\\kenmyer 1827364554637281908172635",
            &["24"],
        ),
        ("Set-CsClientPin litwareinc\\kenmyer 225577", &["repeat"]),
        ("Set-CsClientPin litwareinc\\kenmyer 123123", &["repeat"]),
        (
            "Set-CsClientPin litwareinc\\kenmyer 991234",
            &["consecutive"],
        ),
        (
            "Set-CsClientPin litwareinc\\kenmyer 654321",
            &["consecutive"],
        ),
        (
            "Set-CsClientPin litwareinc\\kenmyer 4255551219",
            &["phone number"],
        ),
        // R-POL-1
        (
            "Set-CsPinPolicy -MinPasswordLength 3",
            &["MinPasswordLength", "4", "24", "3"],
        ),
        (
            "Set-CsPinPolicy -MinPasswordLength 25",
            &["MinPasswordLength", "25"],
        ),
        (
            "Set-CsPinPolicy -MaximumLogonAttempts 0",
            &["MaximumLogonAttempts", "999"],
        ),
        (
            "Set-CsPinPolicy -MaximumLogonAttempts 1000",
            &["MaximumLogonAttempts", "1000"],
        ),
        (
            "Set-CsPinPolicy -PINHistoryCount 21",
            &["PINHistoryCount", "20", "21"],
        ),
        (
            "Set-CsPinPolicy -PINLifetime 1000 -PINHistoryCount 1",
            &["PINLifetime", "999"],
        ),
        (
            "Set-CsPinPolicy -MinPasswordLength -1",
            &["MinPasswordLength"],
        ),
        (
            "Set-CsPinPolicy -MinPasswordLength many",
            &["MinPasswordLength", "many"],
        ),
        // R-POL-2
        (
            "Set-CsPinPolicy -PINLifetime 30",
            &["PINLifetime", "PINHistoryCount"],
        ),
        // R-POL-8: one bad value spoils the whole change
        (
            "Set-CsPinPolicy -MinPasswordLength 10 -PINHistoryCount 21",
            &["PINHistoryCount"],
        ),
        // R-SET-6, R-ID-3
        (
            "Set-CsClientPin \"litwareinc\\nobody\"",
            &["litwareinc\\nobody"],
        ),
        (&ambiguous, &["2 users"]),
        (&disabled, &["not enabled"]),
        // R-SET-5
        (
            "Set-CsClientPin 'Pilar Ackerman' 18723834",
            &["locked", "Unlock-CsClientPin"],
        ),
        // R-POL-3, R-POL-5
        (
            "Set-CsPinPolicy -Identity NoSuchPolicy -MinPasswordLength 8",
            &["NoSuchPolicy"],
        ),
        ("Get-CsPinPolicy -Identity site:Atlantis", &["Atlantis"]),
        ("New-CsPinPolicy -Identity site:Atlantis", &["Atlantis"]),
        ("New-CsPinPolicy -Identity global", &["exists"]),
        (
            "Grant-CsPinPolicy litwareinc\\kenmyer NoSuchPolicy",
            &["NoSuchPolicy"],
        ),
        // the language
        (
            "Set-CsPinPolicy -MinPaswordLength 8",
            &["MinPaswordLength", "MinPasswordLength"],
        ),
        (
            "Set-CsClientPinn litwareinc\\kenmyer",
            &["Set-CsClientPinn", "Set-CsClientPin"],
        ),
        ("Set-CsPinPolicy -MinPasswordLength", &["MinPasswordLength"]),
        ("Get-CsUser -Identity \"Ken Myer", &["line 1", "column 22"]),
    ];
    for (command, words) in table {
        let run = sample.run(command);
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        assert_eq!(run.out, "", "{command}: errors go to standard error");
        for word in *words {
            assert!(
                run.err.contains(word),
                "{command}: no \"{word}\" in {}",
                run.err
            );
        }
    }
    assert_eq!(state(&sample), before, "nothing was changed");
}

// A bad object in the middle does not stop the others.
#[test]
fn the_rest_of_a_pipeline_goes_through() {
    let sample = Sample::new();
    let run = sample.run(
        "'litwareinc\\kenmyer', 'nobody at all', 'Pilar Ackerman' | Set-CsClientPin -Pin 18723834",
    );
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("nobody at all"), "{}", run.err);
    let set = sample.texts(
        "Get-CsUser | Get-CsClientPinInfo | Where-Object IsPinSet -eq $true",
        "Identity",
    );
    assert_eq!(set.len(), 2, "{set:?}");
}

// R-PIN-3: the extension itself, for a user whose extension is long enough to be a PIN
#[test]
fn the_own_extension_is_refused() {
    let sample = Sample::new();
    sample
        .run("Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 5")
        .well();
    let run = sample.run("Set-CsClientPin litwareinc\\kenmyer 51219");
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("extension"), "{}", run.err);
    assert!(
        !run.err.contains("51219"),
        "a refused PIN is not repeated: {}",
        run.err
    );
}
