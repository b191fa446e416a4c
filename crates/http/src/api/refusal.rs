//! Refusals of use cases as answers: which status each identifier has.

use axum::http::StatusCode;
use pinward_service::Refusal;

use crate::Problem;
use crate::problem::Cause;

/// The status of each identifier; what is not listed is about the values that were sent.
const STATUSES: &[(StatusCode, &[&str])] = &[
    (
        StatusCode::UNAUTHORIZED,
        &["KeyNotAccepted", "CertificateNotAccepted", "ClientExpired"],
    ),
    (
        StatusCode::FORBIDDEN,
        &["AccessDenied", "OutOfScope", "AddressNotAllowed"],
    ),
    (
        StatusCode::NOT_FOUND,
        &[
            "UserNotFound",
            "PolicyNotFound",
            "RoleNotFound",
            "RoleNotGranted",
            "TemplateNotFound",
            "SiteNotFound",
            "AccessNumberNotFound",
            "RegionNotOfNumber",
        ],
    ),
    (
        StatusCode::CONFLICT,
        &[
            "UserNotUnique",
            "UserNotEnabled",
            "PolicyExists",
            "SiteExists",
            "AccessNumberExists",
            "PrimaryUriTaken",
            "LineUriTaken",
            "RoleExists",
            "RoleIsStandard",
            "PinLocked",
            "RoleByGroup",
            "KeyReused",
        ],
    ),
    (
        StatusCode::PRECONDITION_FAILED,
        &[
            "PolicyOvertaken",
            "SiteOvertaken",
            "AccessNumberOvertaken",
            "RoleOvertaken",
        ],
    ),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        &[
            "StoreUnavailable",
            "VerifierUnavailable",
            "KeyFileUnusable",
            "Busy",
            "TooSlow",
        ],
    ),
];

/// The answer to a refusal.
pub fn refused(refusal: &impl Refusal) -> Problem {
    let listed = STATUSES
        .iter()
        .find(|(_, ids)| ids.contains(&refusal.id()))
        .map(|(status, _)| *status);
    let status = listed.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let detail = "no decision could be reached; nothing was counted. Try again shortly";
        return Problem {
            // What exactly is wrong with the disk is for the log.
            cause: Some(Cause::of(refusal)),
            ..Problem::new(status, refusal.id(), detail)
        };
    }
    Problem::refused(status, refusal)
}
