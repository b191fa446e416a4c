//! Handing an admitted caller to Asterisk's conference bridge.

/// The profiles of Asterisk's `confbridge.conf` with which callers enter; empty: its default ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfBridge {
    /// The bridge profile.
    pub bridge: String,
    /// The user profile.
    pub user: String,
    /// The menu.
    pub menu: String,
}

impl ConfBridge {
    /// The arguments of the application `ConfBridge` for a conference, whose number is digits.
    pub(crate) fn arguments(&self, conference: &str) -> String {
        let all = [conference, &self.bridge, &self.user, &self.menu];
        let last = all.iter().rposition(|part| !part.is_empty()).unwrap_or(0);
        all[..=last].join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_that_are_not_named_are_left_out() {
        for (bridge, user, menu, arguments) in [
            ("", "", "", "4711"),
            ("big", "", "", "4711,big"),
            ("", "staff", "", "4711,,staff"),
            ("", "", "simple", "4711,,,simple"),
            ("big", "staff", "simple", "4711,big,staff,simple"),
        ] {
            let profiles = ConfBridge {
                bridge: bridge.to_owned(),
                user: user.to_owned(),
                menu: menu.to_owned(),
            };
            assert_eq!(profiles.arguments("4711"), arguments);
        }
    }
}
