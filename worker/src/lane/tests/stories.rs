//! What lanes do over hours of simulated time, whatever goes wrong meanwhile.

use std::{sync::atomic::Ordering, time::Duration};

use nhip_entity::message::{FailureReason, MessageStatus};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

use super::world::{MAX, MIN, World};
use crate::gateway::Unsent;

const ADA: &str = "+12025550100";
const BOB: &str = "+12025550104";

fn accounts(count: u128) -> Vec<Uuid> {
    (1..=count).map(Uuid::from_u128).collect()
}

#[tokio::test(start_paused = true)]
async fn three_thousand_accounts_keep_pace_and_order_for_two_hours() {
    let world = World::new();
    let process = world.process();
    let accounts = accounts(3_000);
    let mut rng = StdRng::seed_from_u64(3);
    let servers_fail = |to: &String| (to.clone(), vec![Unsent::Retry { detail: String::new() }; 2]);
    let people: Vec<String> = (0..9_000).map(|n| format!("+1202{n:07}")).collect();
    world.script.lock().unwrap().extend(people.iter().step_by(50).map(servers_fail));

    // Bursts at random moments of two hours; nothing but the nudge after each commit wakes a lane.
    for _minute in 0..120 {
        for _burst in 0..100 {
            let n = rng.random_range(0..accounts.len());
            for _message in 0..rng.random_range(1..8) {
                world.queue(accounts[n], &people[n * 3 + rng.random_range(0..3)]);
            }
            process.lanes.adopt(accounts[n]);
        }
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    world.settled(Duration::from_mins(10)).await;

    assert!(world.count(MessageStatus::Sent) > 30_000);
    world.assert_pace();
    world.assert_order();
    assert_eq!(process.lanes.count(), 0, "idle lanes are given back");
}

#[tokio::test(start_paused = true)]
async fn accounts_do_not_wait_for_each_other() {
    let world = World::new();
    let process = world.process();
    for account in accounts(2_000) {
        for _message in 0..30 {
            world.queue(account, ADA);
        }
        process.lanes.adopt(account);
    }
    let start = world.clock.instant();
    world.settled(Duration::from_mins(5)).await;
    for left in world.by_account().values() {
        let took = left.last().unwrap().at - start;
        assert!(took >= MIN * 29 && took <= MAX * 29 + Duration::from_secs(1), "29 pauses took {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_over_an_unreleased_lane_waits_one_longest_pause() {
    let world = World::new();
    let (first, second) = (world.process(), world.process());
    let account = Uuid::from_u128(1);
    for _message in 0..10 {
        world.queue(account, ADA);
    }
    first.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(5)).await;
    // Killed: it says nothing more, and its heartbeats stop.
    first.term.end();
    world.bury(first.term.worker_id());
    let claimed = world.clock.instant();
    second.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    world.assert_pace();
    let next = world.wire.lock().unwrap().iter().find(|left| left.at >= claimed).unwrap().at;
    assert!(next >= claimed + MAX, "its last hand-over is unknown");
    assert_eq!(world.count(MessageStatus::Sent), 10);
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_was_frozen_past_its_deadline_sends_nothing_when_it_wakes() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    let id = world.queue(account, ADA);
    // The journal says yes; then the process is frozen for longer than its heartbeats are good for.
    process.term.extend(world.clock.instant() + Duration::from_secs(4));
    *world.slow_beat.lock().unwrap() = Duration::from_secs(7);
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(world.wire.lock().unwrap().is_empty(), "{id} belongs to whoever takes the lane");
    assert_eq!(world.count(MessageStatus::Queued), 1, "WhatsApp cannot have it");
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_was_frozen_leaves_alone_what_another_took_over() {
    let world = World::new();
    let (first, second) = (world.process(), world.process());
    let account = Uuid::from_u128(1);
    let id = world.queue(account, ADA);
    first.term.extend(world.clock.instant() + Duration::from_secs(4));
    *world.slow_beat.lock().unwrap() = Duration::from_secs(7);
    first.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(6)).await;
    world.bury(first.term.worker_id());
    *world.slow_beat.lock().unwrap() = Duration::ZERO;
    second.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    assert_eq!(world.sent(), [id]);
}

#[tokio::test(start_paused = true)]
async fn an_owner_that_wakes_past_its_deadline_begins_nothing() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    world.queue(account, ADA);
    world.queue(account, BOB);
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.count(MessageStatus::Sent), 1);
    // Its next beat comes after that, and nobody says that the term is over.
    process.term.extend(world.clock.instant() + Duration::from_millis(100));
    *world.slow_beat.lock().unwrap() = Duration::from_mins(1);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!((world.count(MessageStatus::Queued), world.count(MessageStatus::Sending)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_new_owner_settles_what_was_being_sent_before_anything_else() {
    let world = World::new();
    let (first, second) = (world.process(), world.process());
    let account = Uuid::from_u128(1);
    world.script.lock().unwrap().insert(ADA.to_owned(), vec![Unsent::Unknown]);
    let in_doubt = world.queue(account, ADA);
    let next = world.queue(account, BOB);
    first.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(1)).await;
    first.term.end();
    world.bury(first.term.worker_id());
    second.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    let ids = world.sent();
    assert_eq!(ids, [in_doubt.clone(), in_doubt, next]);
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_send_that_nobody_confirms_is_repeated_under_its_id_three_times_in_all() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    world.script.lock().unwrap().insert(ADA.to_owned(), vec![Unsent::Unknown; 9]);
    let id = world.queue(account, ADA);
    process.lanes.adopt(account);
    world.settled(Duration::from_mins(2)).await;
    let wire = world.wire.lock().unwrap();
    assert_eq!(wire.len(), 3);
    assert!(wire.iter().all(|left| left.id == id));
    assert_eq!(world.count(MessageStatus::Failed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_file_is_kept_until_its_message_is_over() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    let refusal = Unsent::Failed { reason: FailureReason::FileRejected, detail: String::new() };
    world.script.lock().unwrap().extend([(ADA.to_owned(), vec![Unsent::Unknown]), (BOB.to_owned(), vec![refusal])]);
    let in_doubt = world.queue_file(account, ADA);
    for to in [BOB, "+12025550105"] {
        world.queue_file(account, to);
    }
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(world.sent(), [in_doubt.as_str()]);
    assert!(world.files.lock().unwrap().contains(&in_doubt), "it may have to leave again");
    world.settled(Duration::from_mins(1)).await;
    assert_eq!((world.count(MessageStatus::Sent), world.count(MessageStatus::Failed)), (2, 1));
    assert!(world.files.lock().unwrap().is_empty(), "taken or refused, nobody needs it any more");
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_holds_the_whole_lane_and_counts_as_no_attempt() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    let wait = Duration::from_mins(1);
    world.script.lock().unwrap().insert(ADA.to_owned(), vec![Unsent::Later { wait, detail: String::new() }; 9]);
    world.queue(account, ADA);
    world.queue(account, BOB);
    process.lanes.adopt(account);
    world.settled(Duration::from_mins(20)).await;
    let wire = world.wire.lock().unwrap();
    assert!(wire.windows(2).take(9).all(|pair| pair[1].at - pair[0].at >= wait));
    assert_eq!(world.count(MessageStatus::Sent), 2, "nine refusals, and it was sent all the same");
}

#[tokio::test(start_paused = true)]
async fn a_long_hold_ends_when_a_person_mends_what_it_is_for() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    let wait = Duration::from_hours(1);
    world.script.lock().unwrap().insert(ADA.to_owned(), vec![Unsent::Later { wait, detail: String::new() }]);
    world.queue(account, ADA);
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_mins(1)).await;
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(world.count(MessageStatus::Queued), 1, "a nudge alone ends nothing");
    world.mend(account);
    process.lanes.adopt(account);
    world.settled(Duration::from_secs(3)).await;
    assert_eq!(world.count(MessageStatus::Sent), 1);
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_server_error_is_tried_four_times_in_all_while_others_pass() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    world.script.lock().unwrap().insert(ADA.to_owned(), vec![Unsent::Retry { detail: String::new() }; 4]);
    world.queue(account, ADA);
    for _message in 0..3 {
        world.queue(account, BOB);
    }
    process.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    let to: Vec<String> = world.wire.lock().unwrap().iter().map(|left| left.to.clone()).collect();
    assert_eq!(to.iter().filter(|to| *to == ADA).count(), 4);
    assert_eq!((world.count(MessageStatus::Failed), world.count(MessageStatus::Sent)), (1, 3));
    assert_ne!(to[..4], [ADA, ADA, ADA, ADA], "others pass");
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_pause_keeps_the_queue_and_a_resume_goes_on() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    for _message in 0..10 {
        world.queue(account, ADA);
    }
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(4)).await;
    world.pause(account);
    let left = world.wire.lock().unwrap().len();
    tokio::time::sleep(Duration::from_mins(10)).await;
    assert_eq!(world.wire.lock().unwrap().len(), left);
    world.resume(account);
    process.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    assert_eq!(world.count(MessageStatus::Sent), 10);
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_nudge_that_meets_a_lane_in_the_act_of_releasing_is_not_lost() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    // Each message comes at another moment of the lane's last beat and its release.
    for step in 0..300_u64 {
        world.queue(account, ADA);
        process.lanes.adopt(account);
        tokio::time::sleep(Duration::from_millis(1_400 + step * 5)).await;
    }
    world.settled(Duration::from_mins(20)).await;
    assert_eq!(world.count(MessageStatus::Sent), 300);
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_nudge_that_another_process_got_while_the_lane_was_being_released_is_not_lost() {
    let world = World::new();
    let (owner, other) = (world.process(), world.process());
    let account = Uuid::from_u128(1);
    for step in 0..300_u64 {
        world.queue(account, ADA);
        owner.lanes.adopt(account);
        tokio::time::sleep(Duration::from_millis(1_400 + step * 5)).await;
        // The other process cannot claim what is not released yet, and goes its way.
        world.queue(account, ADA);
        other.lanes.adopt(account);
        tokio::time::sleep(MAX * 4).await;
        assert_eq!(world.count(MessageStatus::Queued), 0, "step {step}");
    }
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_lane_outlives_a_database_that_fails_for_a_while_even_if_what_failed_was_written() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    for _message in 0..10 {
        world.queue(account, ADA);
    }
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(3)).await;
    // The journal's answer is an error, yet its row says SENDING: nothing may overtake it.
    *world.failing_beats.lock().unwrap() = 2;
    world.settled(Duration::from_mins(5)).await;
    assert_eq!(world.count(MessageStatus::Sent), 10);
    world.assert_pace();
    world.assert_order();
}

#[tokio::test(start_paused = true)]
async fn a_beat_that_was_written_unknown_to_the_lane_is_asked_about_before_the_next() {
    let world = World::new();
    let process = world.process();
    let account = Uuid::from_u128(1);
    *world.lost_beats.lock().unwrap() = 1;
    let ids: Vec<String> = (0..3).map(|_| world.queue(account, ADA)).collect();
    process.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    let sent = world.sent();
    assert_eq!(sent, ids);
}

#[tokio::test(start_paused = true)]
async fn a_beat_whose_answer_was_lost_sends_its_message_later_where_none_may_be_sent_twice() {
    let world = World::new();
    world.drops_repeats.store(false, Ordering::Relaxed);
    let process = world.process();
    let account = Uuid::from_u128(1);
    world.script.lock().unwrap().insert(BOB.to_owned(), vec![Unsent::Unknown]);
    let parked = world.queue(account, BOB);
    let ids: Vec<String> = (0..5).map(|_| world.queue(account, ADA)).collect();
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(18)).await;
    // The journal's answer is an error, yet a row says SENDING.
    *world.failing_beats.lock().unwrap() = 1;
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!((world.count(MessageStatus::Sent), world.count(MessageStatus::Sending)), (5, 1));
    let sent = world.sent();
    assert_eq!(sent, [vec![parked], ids].concat(), "each once, and in order; what may have left is not sent again");
    world.assert_pace();
}

#[tokio::test(start_paused = true)]
async fn a_beat_whose_answer_was_lost_sends_its_message_later_even_if_it_was_alone_in_the_queue() {
    let world = World::new();
    world.drops_repeats.store(false, Ordering::Relaxed);
    let process = world.process();
    let account = Uuid::from_u128(1);
    let id = world.queue(account, ADA);
    *world.failing_beats.lock().unwrap() = 1;
    process.lanes.adopt(account);
    // By then it is journaled as being sent, and what is in doubt cannot be read at first.
    tokio::time::sleep(Duration::from_millis(100)).await;
    *world.failing_doubts.lock().unwrap() = 2;
    world.settled(Duration::from_mins(1)).await;
    let sent = world.sent();
    assert_eq!(sent, [id]);
    assert_eq!(world.count(MessageStatus::Sent), 1);
}

#[tokio::test(start_paused = true)]
async fn a_parked_message_keeps_no_lane_busy() {
    let world = World::new();
    world.drops_repeats.store(false, Ordering::Relaxed);
    let process = world.process();
    let account = Uuid::from_u128(1);
    world.script.lock().unwrap().insert(ADA.to_owned(), vec![Unsent::Unknown]);
    world.queue(account, ADA);
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!((world.count(MessageStatus::Sending), process.lanes.count()), (1, 0), "its lane was given back");
    process.lanes.adopt(account);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((world.wire.lock().unwrap().len(), process.lanes.count()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn what_was_handed_over_before_stays_in_doubt_when_asking_again_comes_to_nothing() {
    for last in [Unsent::Disconnected, Unsent::Retry { detail: "a server's error".to_owned() }] {
        let world = World::new();
        let process = world.process();
        let account = Uuid::from_u128(1);
        // Taken from the end: nobody says what became of the first.
        world.script.lock().unwrap().insert(ADA.to_owned(), vec![last, Unsent::Unknown]);
        let id = world.queue(account, ADA);
        process.lanes.adopt(account);
        tokio::time::sleep(Duration::from_secs(17)).await;
        assert_eq!(world.count(MessageStatus::Queued), 0, "it may have arrived, so nobody may cancel it");
        world.settled(Duration::from_mins(1)).await;
        let sent = world.sent();
        assert_eq!(sent, [id.clone(), id.clone(), id]);
        world.assert_pace();
    }
}

#[tokio::test(start_paused = true)]
async fn a_graceful_stop_finishes_the_send_in_flight_and_gives_the_lane_back() {
    let world = World::new();
    let (first, second) = (world.process(), world.process());
    let account = Uuid::from_u128(1);
    for _message in 0..5 {
        world.queue(account, ADA);
    }
    first.lanes.adopt(account);
    tokio::time::sleep(Duration::from_millis(2)).await;
    first.stop.cancel();
    first.lanes.ended().await;
    assert_eq!(world.count(MessageStatus::Sending), 0);
    second.lanes.adopt(account);
    world.settled(Duration::from_mins(1)).await;
    world.assert_pace();
    let (at, before) = {
        let wire = world.wire.lock().unwrap();
        (wire[1].at, wire[0].at)
    };
    assert!(at - before <= MAX + Duration::from_secs(1), "a released lane may send at once");
}
