//! The commands of the language itself, one file each.

mod collate;
mod csv_read;
mod csv_write;
mod foreach_object;
mod format_list;
mod format_table;
mod get_command;
mod get_content;
mod get_date;
mod get_help;
mod get_member;
mod group_object;
mod json;
mod measure_object;
mod out_default;
mod out_string;
mod output;
mod select_object;
mod session_info;
mod sort_object;
mod support;
mod tee_object;
mod text_reader;
mod where_object;
mod write_output;

#[cfg(test)]
mod tests;

use crate::command::CmdletDef;

pub(crate) use get_member::MEMBER;

/// All of them.
#[must_use]
pub fn all() -> Vec<CmdletDef> {
    vec![
        where_object::def(),
        foreach_object::def(),
        select_object::def(),
        sort_object::def(),
        group_object::def(),
        measure_object::def(),
        tee_object::def(),
        format_table::def(),
        format_list::def(),
        out_default::default(),
        out_default::host(),
        out_default::null(),
        out_string::string(),
        out_string::file(),
        write_output::output(),
        write_output::host(),
        write_output::warning(),
        write_output::error(),
        write_output::verbose(),
        write_output::debug(),
        write_output::information(),
        json::to(),
        json::from(),
        csv_write::to(),
        csv_write::export(),
        csv_read::from(),
        csv_read::import(),
        get_content::def(),
        get_date::date(),
        get_date::span(),
        get_command::def(),
        get_help::def(),
        get_member::def(),
        session_info::history(),
        session_info::alias(),
        session_info::variable(),
    ]
}
