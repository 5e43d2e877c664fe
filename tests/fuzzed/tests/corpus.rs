//! Every input of the corpus, by the functions that the fuzzer calls.

use std::{fs, path::Path};

/// Tries all files of a target's corpus.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "the corpus in {} is gone", folder.display());
    for file in files {
        println!("{}", file.display());
        check(&fs::read(file).unwrap());
    }
}

#[test]
fn every_body_of_the_corpus_is_answered_as_it_must() {
    replay("request", nhip_fuzzed::request);
}

#[test]
fn every_recipient_of_the_corpus_comes_to_one_address_or_none() {
    replay("recipient", nhip_fuzzed::recipient);
}

#[test]
fn every_link_of_the_corpus_is_one_of_the_public_web_or_refused() {
    replay("link", nhip_fuzzed::link);
}
