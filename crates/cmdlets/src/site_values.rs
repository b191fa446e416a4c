//! What the cmdlets that create and change sites have in common.

use pinward_service::{ChangedSite, PlacingProgress, SiteRequest};
use pinward_shell::{Args, Cx, Flow, Param, ParamKind, Progress, Share};

use crate::calls::warn;

/// `-DisplayName`.
pub(crate) const DISPLAY_NAME: Param = Param::string("DisplayName")
    .allow_null()
    .help("What people call the site: up to 256 characters.");
/// `-OU`.
pub(crate) const OU: Param = Param::new("OU", ParamKind::StringList).allow_null().help(
    "The distinguished names of organisational units: who is in one of them or beneath belongs to \
     the site. Up to 256 of them. Not together with -LdapFilter.",
);
/// `-LdapFilter`.
pub(crate) const LDAP_FILTER: Param = Param::string("LdapFilter")
    .allow_null()
    .help(
        "An LDAP search filter of up to 4096 characters: whom it matches belongs to the site. Not together \
         with -OU.",
    );

/// How people come to a site, for the help of each of these cmdlets.
pub(crate) const WHO_BELONGS: &str = "A site named for a person by the directory, as an import brings it, holds before any rule. \
     Where two rules mean a person, the deeper organisational unit holds, a unit before a filter, \
     and otherwise the site whose id comes first. Rules are applied again to everybody who is \
     imported or changed.";

/// What the parameters ask for. `$null` and `""` take something away.
pub(crate) fn request(args: &Args) -> SiteRequest {
    let text = |name: &str| {
        args.given(name).then(|| {
            let text = args.string(name).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        })
    };
    let units = args.given("OU").then(|| {
        let units = args.strings("OU");
        let named = units.iter().map(|unit| unit.trim());
        named
            .filter(|unit| !unit.is_empty())
            .map(str::to_owned)
            .collect()
    });
    SiteRequest {
        display_name: text("DisplayName"),
        units,
        filter: text("LdapFilter"),
    }
}

/// Shows how far the rules are applied.
pub(crate) fn show_progress(cx: &mut Cx, so_far: PlacingProgress) {
    cx.progress(&Progress {
        activity: "Find the people of the site".to_owned(),
        done: so_far.gone_through,
        share: Some(Share {
            part: so_far.gone_through,
            whole: so_far.people.max(so_far.gone_through),
        }),
        unit: "people".to_owned(),
        finished: false,
    });
}

/// Takes the progress away again.
pub(crate) fn end_progress(cx: &mut Cx) {
    cx.progress(&Progress {
        activity: String::new(),
        done: 0,
        share: None,
        unit: String::new(),
        finished: true,
    });
}

/// Says what of a rule may not be what was meant.
pub(crate) fn tell(cx: &mut Cx, args: &Args, changed: &ChangedSite) -> Flow {
    let Some(applied) = changed.applied else {
        return Ok(());
    };
    let id = &changed.site.site.id;
    if applied.meant == 0 && changed.site.membership.is_rule() {
        warn(
            cx,
            args,
            &format!("The rule of the site {id} means nobody at present."),
        )?;
    }
    if applied.kept > 0 {
        warn(
            cx,
            args,
            &format!(
                "The directory names another site for {} of the {} people whom the rule of {id} \
                 means; they stay there.",
                applied.kept, applied.meant
            ),
        )?;
    }
    if applied.contested > 0 {
        warn(
            cx,
            args,
            &format!(
                "{} of the people whom the rule of {id} means are meant by the rule of another site \
                 too. The deeper organisational unit holds, then the site whose id comes first.",
                applied.contested
            ),
        )?;
    }
    cx.verbose(&format!(
        "The site {id} has {} users; {} people moved.",
        changed.site.users, applied.moved
    ))
}
