//! What must hold when things have settled: the last sentence of section 9 of the design, and what callers were promised.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use nhip_entity::message::{FailureReason, MessageStatus};

use super::{Blow, Evidence, Excuse, Stored, Told};
use crate::{Received, Stamp};

/// How long after its arrival a message may still be unacknowledged in the journal.
const OPEN: Duration = Duration::from_secs(5);
/// How often a message is handed over before it is given up.
const HAND_OVERS: i32 = 3;
/// How soon after it wakes a frozen worker finishes what it was sending.
const WAKES: Duration = Duration::from_secs(1);

/// Everything that does not agree, a sentence each.
pub(super) fn all(evidence: &Evidence) -> Vec<String> {
    let mut findings = every_answer_is_kept(evidence);
    findings.extend(every_message_has_ended(evidence));
    findings.extend(nothing_is_sent_under_two_ids(&evidence.received));
    findings.extend(repeats_stand_around_blows(evidence));
    for ours in by_account(&evidence.received).values() {
        findings.extend(the_gap_is_kept(evidence, ours));
        if evidence.in_order {
            findings.extend(order_is_kept(evidence, ours));
        }
    }
    findings.extend(the_ledger_is_exact(evidence));
    findings
}

/// Accepted: it is there, once. Refused: it is not. Nobody knows: once at most.
fn every_answer_is_kept(evidence: &Evidence) -> Vec<String> {
    let mut by_text: HashMap<&str, Vec<&Stored>> = HashMap::new();
    for message in &evidence.messages {
        by_text.entry(message.text.as_str()).or_default().push(message);
    }
    let mut findings = Vec::new();
    for call in &evidence.calls {
        let stored = by_text.remove(call.text.as_str()).unwrap_or_default();
        let ids: Vec<_> = stored.iter().map(|message| message.id.as_str()).collect();
        let is_kept = match &call.told {
            Told::Accepted(id) => ids == [id.trim_start_matches("wa_backend:")],
            Told::Refused(_) => ids.is_empty(),
            Told::Nothing => ids.len() <= 1,
        };
        if !is_kept {
            findings.push(format!("its caller was told otherwise: {call:?} is stored as {ids:?}"));
        }
    }
    findings.extend(by_text.into_keys().map(|text| format!("nobody ever asked for {text:?}")));
    findings
}

fn every_message_has_ended(evidence: &Evidence) -> Vec<String> {
    let received: BTreeSet<_> = evidence.received.iter().map(|line| line.id.as_str()).collect();
    let known: BTreeSet<_> = evidence.messages.iter().map(|message| message.id.as_str()).collect();
    let odd = |message: &&Stored| {
        let arrived = received.contains(message.id.as_str());
        match (message.status, message.failure) {
            (MessageStatus::Sent | MessageStatus::Delivered | MessageStatus::Read, None) => !arrived,
            (MessageStatus::Canceled, None) | (MessageStatus::Failed, Some(FailureReason::AccountUnavailable)) => {
                arrived
            }
            // Several kills in a row may hit the same message.
            (MessageStatus::Failed, Some(FailureReason::Unconfirmed)) => message.hand_overs < HAND_OVERS,
            _ => true,
        }
    };
    let ended = evidence.messages.iter().filter(odd).map(|message| format!("no such end may be: {message:?}"));
    let unknown = received.difference(&known).map(|id| format!("WhatsApp received {id}, which nobody accepted"));
    ended.chain(unknown).collect()
}

fn nothing_is_sent_under_two_ids(received: &[Received]) -> Vec<String> {
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in received {
        ids.entry(&line.text).or_default().insert(&line.id);
    }
    let doubled = ids.into_iter().filter(|(_, ids)| ids.len() > 1);
    doubled.map(|(text, ids)| format!("sent under several ids: {text:?} as {ids:?}")).collect()
}

/// The later of two lines of one message needs a blow that may have hidden the first from the journal.
fn repeats_stand_around_blows(evidence: &Evidence) -> Vec<String> {
    let mut last: HashMap<&str, Stamp> = HashMap::new();
    let mut findings = Vec::new();
    for line in &evidence.received {
        let Some(before) = last.insert(&line.id, line.at) else { continue };
        let excuses = |blow: &Blow| {
            blow.excuse != Excuse::Nothing && before <= blow.to && blow.from <= line.at && blow.from <= before + OPEN
        };
        if !line.repeat || !evidence.blows.iter().any(excuses) {
            findings.push(format!("repeated without cause, first at {before}: {line:?}"));
        }
    }
    findings
}

fn by_account(received: &[Received]) -> BTreeMap<&str, Vec<&Received>> {
    let mut accounts: BTreeMap<&str, Vec<&Received>> = BTreeMap::new();
    for line in received {
        accounts.entry(&line.account).or_default().push(line);
    }
    for lines in accounts.values_mut() {
        lines.sort_by_key(|line| line.at);
    }
    accounts
}

fn the_gap_is_kept(evidence: &Evidence, ours: &[&Received]) -> Vec<String> {
    let mut woken: BTreeSet<Stamp> = BTreeSet::new();
    let mut findings = Vec::new();
    for pair in ours.windows(2) {
        let gap = pair[1].at - pair[0].at;
        if gap.to_std().is_ok_and(|gap| gap >= evidence.shortest) {
            continue;
        }
        // The one exception: an owner frozen between its deadline check and the socket write, once per freeze.
        let wakes = |blow: &&Blow| {
            blow.excuse == Excuse::Late && pair.iter().any(|line| blow.to <= line.at && line.at <= blow.to + WAKES)
        };
        let freeze = evidence.blows.iter().find(wakes);
        if !freeze.is_some_and(|freeze| woken.insert(freeze.to)) {
            findings.push(format!("{gap} between {:?} and {:?}", pair[0], pair[1]));
        }
    }
    findings
}

fn order_is_kept(evidence: &Evidence, ours: &[&Received]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let sent: Vec<_> = ours.iter().map(|line| line.id.as_str()).filter(|id| seen.insert(*id)).collect();
    let accepted = evidence.messages.iter().map(|message| message.id.as_str()).filter(|id| seen.contains(id));
    let place = sent.iter().zip(accepted).position(|(sent, accepted)| *sent != accepted);
    let around =
        |place: usize| format!("out of order: {:#?}", &ours[place.saturating_sub(2)..ours.len().min(place + 6)]);
    place.map(around).into_iter().collect()
}

fn the_ledger_is_exact(evidence: &Evidence) -> Option<String> {
    let paid: i64 = evidence.messages.iter().map(|message| message.paid).sum();
    let credits = evidence.credits;
    (credits.left != credits.granted - paid).then(|| format!("{credits:?}, and {paid} were paid"))
}

#[cfg(test)]
mod tests;
