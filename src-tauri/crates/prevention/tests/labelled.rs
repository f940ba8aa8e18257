//! How well the check finds what is labelled, against what is promised.

use prevention::Kind;
use prevention::labelled::{SET, generated, measure, mistakes, read, written};

/// The least that is promised of what is found, for kinds with a checksum and for the others, and
/// of what is told.
const CHECKED_RECALL: f64 = 0.98;
const RECALL: f64 = 0.95;
const PRECISION: f64 = 0.95;

#[test]
fn the_set_is_what_its_generator_makes() {
    let set = written(&generated());
    if std::env::var_os("BUREAU_WRITE_GENERATED").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/labelled/set.txt");
        std::fs::write(file, &set).unwrap();
        return;
    }
    assert!(set == SET, "set.txt is stale: run this test with BUREAU_WRITE_GENERATED=1");
    assert_eq!(read(SET), generated());
}

#[test]
fn every_kind_is_found_as_well_as_is_promised() {
    let set = read(SET);
    let scores = measure(&set).unwrap();
    for kind in Kind::all() {
        let score = scores.get(&kind).copied().unwrap_or_default();
        let (recall, precision) = (score.recall(), score.precision());
        println!(
            "{:16} {:4} recall {recall:.3} precision {precision:.3}",
            kind.as_str(),
            score.labelled
        );
    }
    // Shown where the test fails: what is, and below it what was told.
    println!("{}", mistakes(&set).unwrap().join("\n"));
    for kind in Kind::all() {
        let score = scores.get(&kind).copied().unwrap_or_default();
        let least = if kind.is_checked() { CHECKED_RECALL } else { RECALL };
        assert!(score.labelled >= 25, "{kind:?} is labelled only {} times", score.labelled);
        assert!(score.recall() >= least, "{kind:?}: recall {:.3}", score.recall());
        assert!(score.precision() >= PRECISION, "{kind:?}: precision {:.3}", score.precision());
    }
}
