//! The messages, each with what it is for.

/// A structure with one text for each message, and a list of them.
macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Everything that the users' page says, in one language. `{0}` is where a value stands.
        pub struct Words {
            $($(#[$doc])* pub $name: &'static str,)+
        }

        #[cfg(test)]
        impl Words {
            /// Every message by its name.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),+]
            }
        }
    };
}

messages! {
    /// The link that leads past the head of the page.
    skip,
    /// Name of the switch of languages.
    language,
    /// The button that signs in, and the title of that page.
    sign_in,
    /// The button that signs out.
    sign_out,
    /// The link to the console.
    administration,
    /// Title of the start page, and the link to it.
    home,
    /// What the page is for.
    home_intro,
    /// Above the form that signs in.
    sign_in_why,
    /// Label.
    name,
    /// Which names are good.
    name_help,
    /// Label.
    password,
    /// Which password.
    password_help,
    /// Wrong name or password.
    in_wrong,
    /// No password.
    in_missing,
    /// Too many wrong passwords; until when.
    in_too_many,
    /// The directory: disabled.
    in_disabled,
    /// The directory: expired.
    in_expired,
    /// The directory: password expired.
    in_password_expired,
    /// The directory: password must be changed.
    in_must_change,
    /// The directory: locked.
    in_locked,
    /// The directory: not now, not from here.
    in_not_allowed,
    /// Nobody can sign in.
    in_not_set_up,
    /// The directory does not answer.
    in_directory,
    /// Title where the password is asked for again.
    prove_title,
    /// Why it is.
    prove_why,
    /// The button there.
    go_on,
    /// Nothing can be decided at this moment.
    unavailable,
    /// Title of a page that tells of a failure.
    failed,
    /// A form that was not sent from this site, or belongs to another session.
    stale_form,
    /// A form with more in it than is taken.
    form_too_long,
    /// No such page.
    not_found,
    /// The link to the start page.
    back_home,
    /// Title of the list of access numbers.
    numbers,
    /// Column.
    region,
    /// Column.
    number,
    /// Column.
    languages,
    /// There are none.
    no_numbers,
    /// Title of the list of keys.
    keys,
    /// Column.
    key,
    /// Column.
    key_does,
    /// *1
    key_help,
    /// *3
    key_roll_call,
    /// *4
    key_mute_all,
    /// *6
    key_mute,
    /// *7
    key_lock,
    /// *8
    key_admit,
    /// *9
    key_announce,
    /// Some are not for everybody.
    keys_note,
    /// Title of the part about the PIN.
    your_pin,
    /// The user's own number.
    your_number,
    /// The user's own extension.
    your_extension,
    /// They have none.
    none,
    /// Before the state of the PIN.
    pin,
    /// State.
    is_set,
    /// State.
    is_missing,
    /// State.
    is_expired,
    /// State.
    is_temporary,
    /// State.
    is_locked,
    /// State.
    is_not_enabled,
    /// When it was set.
    set_on,
    /// When it ends.
    valid_until,
    /// It does not end.
    never_ends,
    /// No PIN yet.
    note_missing,
    /// It has expired; when.
    note_expired,
    /// It is only good for choosing another one.
    note_temporary,
    /// Locked by an administrator.
    note_locked_by_administrator,
    /// Locked after too many failures.
    note_locked_for_good,
    /// Locked for a while; until when.
    note_locked_until,
    /// Who unlocks it.
    ask_to_unlock,
    /// The account is not enabled.
    note_not_enabled,
    /// Who enables it.
    ask_to_enable,
    /// Who helps, where the configuration does not say.
    help_desk,
    /// The new PIN is good.
    done,
    /// Title of the form where there is no PIN yet.
    choose_first,
    /// Title of the form otherwise.
    choose_other,
    /// Label.
    new_pin,
    /// Label.
    new_pin_again,
    /// Shows what is typed.
    show,
    /// The button.
    save,
    /// Above the rules.
    rules,
    /// For screen readers: a rule that is fulfilled.
    rule_met,
    /// For screen readers: a rule that is not.
    rule_broken,
    /// R-PIN-1.
    rule_digits,
    /// R-PIN-2; how many.
    rule_shortest,
    /// R-PIN-1; how many.
    rule_longest,
    /// R-PIN-3a.
    rule_repeating,
    /// R-PIN-3a.
    rule_block,
    /// R-PIN-3b.
    rule_consecutive,
    /// R-PIN-3c.
    rule_extension,
    /// R-PIN-3c.
    rule_phone,
    /// R-PIN-3d.
    rule_common,
    /// R-HIST-1; how many.
    rule_history,
    /// Both entries are alike.
    rule_same,
    /// R-EXP-1; for how many days it will be good.
    rule_lifetime,
    /// Above the rules that a PIN breaks.
    refused,
}
