//! What every store must do, written against the trait alone.
//!
//! To have another store judged: one more module like [`sqlite`] that makes it and calls the list.

mod access_numbers;
mod attempts;
mod audit;
mod census;
mod clients;
mod deliveries;
mod people;
mod pins;
mod policies;
mod roles;
mod searching;
mod seen;
mod sites;
mod sync;
mod user_changes;

/// The list: every test of the suite as `group::name`.
macro_rules! suite {
    ($run:ident) => {
        $run! {
            audit: every_change_leaves_one_record, every_outcome_of_a_logon_leaves_one_record,
                a_repeated_delivery_leaves_none, records_are_found_by_everything,
                pages_cover_every_record_once, retention_leaves_a_chain,
                logons_are_counted_by_the_hour;
            people: put_tells_what_came_of_each_row, put_matches_by_guid_then_by_name,
                dry_run_keeps_nothing, every_name_leads_to_the_same_user,
                patterns_and_limits, ambiguous_names_are_all_found, pages_cover_everyone_once,
                sites_compare_without_case;
            policies: global_always_exists, governed_by_the_nearest,
                identities_compare_without_case, site_policies_need_their_site,
                removal_drops_grants, changes_are_judged_whole, listed_in_order;
            census: nobody_and_everybody, counts_as_one_by_one,
                what_is_foreseen_comes_true, only_within_reach;
            roles: a_role_is_kept_as_it_was_made, role_names_compare_without_case,
                a_sid_is_never_given_twice, a_role_changes_as_a_whole,
                roles_are_granted_and_taken_back, grants_stay_with_the_person,
                a_site_takes_its_scopes_along;
            searching: people_are_searched_by_beginnings, a_search_finds_whoever_lies_within_reach,
                whoever_is_not_enabled_is_looked_for_elsewhere;
            seen: what_is_another_by_now_is_left_alone;
            clients: a_client_is_kept_as_it_was_made, a_client_changes_as_a_whole,
                two_keys_hold_after_a_rotation, a_key_is_that_of_one_client, a_removed_role_leaves_its_clients_nothing;
            sites: rules_are_kept_and_counted, the_directory_holds_before_a_rule,
                people_move_when_they_or_the_rules_change, a_removed_site_takes_its_policy,
                old_rules_place_nobody, going_through_is_taken_up_again;
            access_numbers: numbers_are_kept_as_they_are, a_line_belongs_to_one,
                places_in_a_region_are_kept, changes_of_numbers_are_judged_whole,
                a_removed_site_leaves_its_numbers_to_everybody, the_site_of_a_pool;
            sync: a_reading_changes_nobody_until_it_is_applied,
                each_step_of_a_reading_says_that_it_is_under_way,
                whoever_is_missing_is_gone_and_comes_back_with_everything,
                whoever_is_gone_too_long_is_purged_and_the_id_is_not_given_again,
                pins_follow_the_guid_whatever_else_is_swapped, sources_do_not_disturb_each_other,
                an_entry_of_no_use_leaves_its_person, an_increment_takes_whom_it_says,
                conflicts_are_told_before_and_after;
            user_changes: two_changes_are_both_kept, everything_stays_but_what_is_changed,
                a_sip_address_belongs_to_one, the_same_line_is_told,
                a_line_that_reaches_others_is_not_given,
                disabling_takes_the_pin_and_spares_the_lock, enabling_again_changes_nothing;
            pins: no_pin_yet, history_keeps_twenty, setting_ends_a_lockout_and_spares_global,
                locked_pins_cannot_be_set, a_choice_is_superseded, disabled_users_get_no_pin,
                locks_and_unlocks, lock_without_a_pin, keys_are_counted,
                no_verifier_is_made_with_a_retired_key;
            attempts: order_of_checks, local_limit_is_exact_under_concurrency,
                a_correct_pin_waits_but_is_not_refused, an_admission_may_be_foretold, lockout_lasts_an_hour,
                global_limit_locks_for_good, success_spares_later_failures,
                unusable_and_released_count_nothing, expired_leases_are_failures,
                unknown_attempts_are_answered, upgrades_only_the_pin_that_was_verified,
                policy_limit_is_read_at_each_logon;
            deliveries: the_same_key_and_input_get_the_same_answer, another_input_is_told,
                a_second_delivery_waits_for_the_first, what_was_not_evaluated_is_forgotten,
                a_key_is_forgotten_at_the_end_of_its_life, refusals_are_remembered,
                parallel_deliveries_are_counted_once;
        }
    };
}

mod sqlite {
    use crate::support::scratch;
    use pinward_store::SqliteStore;

    macro_rules! run {
        ($($group:ident: $($name:ident),+;)+) => {
            $(mod $group {
                $(#[tokio::test]
                async fn $name() {
                    let dir = super::scratch();
                    let store = super::SqliteStore::create(dir.path()).unwrap();
                    crate::conformance::$group::$name(&store).await;
                })+
            })+
        };
    }
    suite!(run);
}
