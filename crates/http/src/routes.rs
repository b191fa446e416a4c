//! Where requests are led: to a router, and logons past it.
//!
//! To find a route and what stands around it costs the framework boxes and copies for each request: of the instructions
//! that a refused logon took outside of the store, a sixth. Logons are nearly all that phone systems ask for. So they
//! are recognised here, and led to the same handler with the same guard.

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use tower::ServiceExt;

use crate::App;
use crate::api::log_on;
use crate::guard::{Route, guard};

/// What answers requests.
#[derive(Clone)]
pub struct Routes {
    router: Router,
    log_ons: bool,
}

impl Routes {
    /// Those of a router that has the route of logons, past which they are led. Of one that does not have it, logons
    /// would be answered all the same.
    #[must_use]
    pub fn with_log_ons(router: Router) -> Self {
        Self {
            router,
            log_ons: true,
        }
    }

    /// The answer to a request.
    pub(crate) async fn answer(&self, app: &App, request: Request) -> Response {
        let Ok(response) = match self.log_ons && is_log_on(&request) {
            true => {
                let handler = |request| log_on::decided(app.clone(), request);
                guard(app.clone(), Route::Known(log_on::PATH), request, handler).await
            }
            false => self.router.clone().oneshot(request).await,
        };
        response
    }
}

impl From<Router> for Routes {
    /// Those of a router. Where it has the route of logons they are led there as all others are.
    fn from(router: Router) -> Self {
        Self {
            router,
            log_ons: false,
        }
    }
}

fn is_log_on(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == log_on::PATH
}
