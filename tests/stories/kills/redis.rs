//! Redis forgets, stops, comes back, and drops its callers: things are late, never wrong.

use std::time::Duration;

use nhip_tests::{Excuse, Flood, Observer, Shape, rounds, seeded};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{SHORTEST, options, round, some_moment};

/// How long it is away.
const AWAY: Duration = Duration::from_secs(2);

#[tokio::test]
async fn whatever_happens_to_redis_costs_time_alone() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("Redis suffers", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    let kinds = ["FLUSHALL", "CLIENT KILL TYPE normal", "CLIENT KILL TYPE pubsub", "Redis restarts"];
    for n in 0..rounds(8) {
        let kind = kinds[n % kinds.len()];
        let mut moments = StdRng::seed_from_u64(rng.random());
        let strike = async {
            some_moment(&app, &mut moments).await;
            let suffer = async || match kind {
                "FLUSHALL" => app.redis().flush().await,
                "CLIENT KILL TYPE normal" => app.redis().cut_connections("normal").await,
                "CLIENT KILL TYPE pubsub" => app.redis().cut_connections("pubsub").await,
                _ => app.redis().go_away_for(AWAY).await,
            };
            observer.blow(&app, kind, Excuse::Nothing, suffer).await;
        };
        round(&flood, &mut rng, strike).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}
