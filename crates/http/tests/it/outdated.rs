//! A role that is behind its template, and people in a group.

use pinward_core::{ListEdit, RoleChange};
use pinward_testkit::Kit;

/// Takes a cmdlet from a role and from what it knows of its template, as if it had been made before the
/// template had that one. Returns the cmdlet.
pub async fn outdate(kit: &Kit, name: &str) -> String {
    let roles = kit.store.custom_roles().await.unwrap();
    let role = roles.into_iter().find(|role| role.is_called(name));
    let mut known = role.unwrap().template_cmdlets;
    let gained = known.pop().unwrap();
    let earlier = RoleChange {
        cmdlets: Some(ListEdit::Edit {
            add: Vec::new(),
            remove: vec![gained.clone()],
        }),
        template_cmdlets: Some(known),
        ..RoleChange::default()
    };
    let act = kit.act();
    let changed = kit.store.change_role(name, &earlier, None, &act).await;
    let _changed = changed.unwrap();
    gained
}

/// Puts people into a group of the directory.
pub async fn put_into_group(kit: &Kit, group: &str, names: &[&str]) {
    let mut people = Vec::new();
    for name in names {
        let mut person = kit.person(name).await.person;
        let groups = person.attributes.entry("memberof".to_owned()).or_default();
        groups.push(format!("CN={group},OU=Groups,DC=litwareinc,DC=com"));
        people.push(person);
    }
    let put = kit.store.put_people(people, false, &kit.act()).await;
    let _put = put.unwrap();
}
