//! Credits: an append-only ledger per workspace, and the balance on the workspace's row.
//!
//! Always, in any state, after any crash: the sum of a workspace's entries is its balance, and not negative; each message
//! has exactly one CHARGE, and one RESTORE of the same amount if and only if it ever failed or was canceled.

mod audit;
mod book;
mod export;
mod grant;
mod position;
mod sequence;
mod totals;
mod verdict;

pub use audit::{Breach, Findings, audit, audit_new};
pub use book::{Book, Note};
pub use export::export;
pub use grant::{Granted, NewGrant, grant};
pub use position::positions_of;
pub use sequence::sequence;
pub use totals::{Totals, totals};
pub use verdict::{Verdict, verdict};
