//! The cmdlets of Pinward, one file each.
