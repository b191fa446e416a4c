//! What a change of policies would mean, told in lines below "What if" and in the question of
//! `-Confirm`. The figures come from the service.

use pinward_core::{Policy, PolicyIdentity, PolicyPatch, Timestamp, User};
use pinward_service::{Foresight, SOON, Shift};

use crate::product::Product;

/// Of `Set-CsPinPolicy`.
pub(crate) fn of_change(
    product: &Product,
    identity: &PolicyIdentity,
    patch: &PolicyPatch,
) -> String {
    let (service, caller) = (&product.service, &product.caller);
    match product.wait(service.foresee_change(caller, identity, patch)) {
        Ok(foresight) => change(&foresight),
        Err(refusal) => unknown(&refusal),
    }
}

/// Of `Remove-CsPinPolicy`.
pub(crate) fn of_removal(product: &Product, identity: &PolicyIdentity) -> String {
    let (service, caller) = (&product.service, &product.caller);
    match product.wait(service.foresee_removal(caller, identity)) {
        Ok(foresight) if *identity == PolicyIdentity::Global => change(&foresight),
        Ok(foresight) => removal(&foresight),
        Err(refusal) => unknown(&refusal),
    }
}

/// Of `Grant-CsPinPolicy`.
pub(crate) fn of_grant(
    product: &Product,
    user: &User,
    name: Option<&str>,
    date: &dyn Fn(Timestamp) -> String,
) -> String {
    let (service, caller) = (&product.service, &product.caller);
    let foresight = match product.wait(service.foresee_grant(caller, user, name)) {
        Ok(foresight) => foresight,
        Err(refusal) => return unknown(&refusal),
    };
    let (now, then) = (&foresight.now.identity, &foresight.then.identity);
    let mut lines = vec![match now == then {
        true => format!("{now} governs this user already."),
        false => format!("{then} would govern this user in place of {now}."),
    }];
    if foresight.expired_at_once {
        lines.push("Their PIN would be expired at once.".to_owned());
    } else if foresight.expires_now != foresight.expires_then {
        lines.push(match foresight.expires_then {
            Some(end) => format!("Their PIN would expire at {}.", date(end)),
            None => "Their PIN would not expire.".to_owned(),
        });
    }
    lines.join("\n")
}

fn unknown(refusal: &dyn std::error::Error) -> String {
    format!("What it would mean cannot be told: {refusal}.")
}

fn governs(foresight: &Foresight) -> String {
    let now = &foresight.now;
    format!(
        "It governs {}, {} of them with a PIN.",
        users(now.users),
        now.pins()
    )
}

fn change(foresight: &Foresight) -> String {
    let mut lines = vec![governs(foresight)];
    let before = &foresight.now.policy;
    for shift in &foresight.then {
        lines.extend(consequences(before, shift));
    }
    lines.push(
        "PINs that are set are not judged anew: length and patterns count for new ones.".to_owned(),
    );
    lines.join("\n")
}

fn removal(foresight: &Foresight) -> String {
    let mut lines = vec![governs(foresight)];
    for shift in &foresight.then {
        let verb = match shift.users {
            1 => "falls",
            _ => "fall",
        };
        lines.push(format!(
            "{} {verb} to {}.",
            users(shift.users),
            shift.policy.identity
        ));
        lines.extend(consequences(&foresight.now.policy, shift));
    }
    lines.push("PINs stay as they are.".to_owned());
    lines.join("\n")
}

/// What the move from a policy to that of a shift brings: of lifetimes and of limits.
fn consequences(before: &Policy, shift: &Shift) -> Vec<String> {
    let then = &shift.policy;
    let mut lines = Vec::new();
    if before.pin_lifetime_days != then.pin_lifetime_days {
        lines.push(format!(
            "PINLifetime {} instead of {}: {} expired at once, {} more within {} days.",
            lifetime(then.pin_lifetime_days),
            lifetime(before.pin_lifetime_days),
            pins(shift.expired),
            shift.expiring,
            SOON.as_hours() / 24,
        ));
        if shift.revived > 0 {
            lines.push(format!(
                "{} that expired would be good again.",
                pins(shift.revived)
            ));
        }
    }
    if before.maximum_logon_attempts != then.maximum_logon_attempts {
        lines.push(format!(
            "MaximumLogonAttempts {} instead of {}: {} locked out at their next logon; it ends no \
             lockout that holds.",
            attempts(then.maximum_logon_attempts),
            attempts(before.maximum_logon_attempts),
            users(shift.locked),
        ));
    }
    lines
}

fn lifetime(days: u32) -> String {
    match days {
        0 => "0 (never)".to_owned(),
        days => days.to_string(),
    }
}

fn attempts(limit: Option<u32>) -> String {
    limit.map_or_else(|| "by length".to_owned(), |limit| limit.to_string())
}

fn users(count: u64) -> String {
    match count {
        1 => "1 user".to_owned(),
        count => format!("{count} users"),
    }
}

fn pins(count: u64) -> String {
    match count {
        1 => "1 PIN".to_owned(),
        count => format!("{count} PINs"),
    }
}
