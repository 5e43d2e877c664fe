//! Accounts of Meta's Cloud API: what leaves, what Meta says to it, and what becomes of messages and credits. Real processes
//! talk to a Meta of our own, whose log is the outside view.

mod kills;
mod limits;
mod outcomes;
mod refusals;
mod rotation;

use nhip_tests::{Meta, Number, Options, Shape, Shop, TestApp};

const PHONE: &str = "+15105566777";
const ADA: &str = "+12025550160";
const BOB: &str = "+12025550161";

/// An app that takes our Meta for the real one.
fn options(shape: Shape, meta: &Meta) -> Options {
    Options::new(shape).credits(100).set("NHIP_GRAPH_API_URL", &meta.url())
}

/// A shop that has an account at Meta and no other.
async fn shop<'a>(app: &'a TestApp, meta: &Meta) -> (Shop<'a>, Number) {
    let shop = Shop::sign_up(app).await;
    shop.generate_url().await;
    let number = shop.connect_at_meta(meta, PHONE).await;
    (shop, number)
}
