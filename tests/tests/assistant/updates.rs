//! Bureau's own renewal, against a server that cuts connections, forges and downgrades.

use std::sync::Arc;
use std::time::Duration;

use assistant::{
    Assistant, Config, UpdateProblemKind as Kind, UpdateStage, UpdateState, UpdatesFrom,
};
use conversation::FailureCode;
use policy::{Format, Policy};
use whole_program::{Endpoint, Profile, UpdateServer, signed_by_another, stream_of};

use super::{folders, question};

/// A version that is newer than any.
const NEW: &str = "99.0.0";

/// Bureau as it was just started, under the server's policy.
fn started(profile: &Profile, policy: &str) -> Arc<Assistant> {
    let policy = Policy::parse("policy", policy, Format::Toml).unwrap();
    let assistant = Assistant::new(folders(profile), Config::default());
    Arc::new(assistant.with_policy(policy).installed_from(Some("deb")))
}

/// Bytes that are nowhere the same.
fn package(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..300_000).map(|_| next()).collect()
}

fn problem(state: &UpdateState) -> Kind {
    state.problem.as_ref().expect("a problem").kind
}

async fn fetched(assistant: &Assistant) -> UpdateState {
    assert!(assistant.look_for_update().await.unwrap().found.is_some());
    assistant.download_update().await.unwrap()
}

/// What would be installed.
fn installed(assistant: &Assistant) -> Vec<u8> {
    let mut bytes = Vec::new();
    let state = assistant.install_update(|_, _, package| {
        bytes = package.to_vec();
        Ok(())
    });
    assert_eq!(state.unwrap().stage, UpdateStage::Installed);
    bytes
}

fn files(profile: &Profile) -> Vec<String> {
    let folder = profile.data().join("update").read_dir().into_iter().flatten().flatten();
    folder.map(|file| file.file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_good_update_is_fetched_and_given_to_the_system_byte_for_byte() {
    let (profile, server, package) = (Profile::new(), UpdateServer::start(), package(1));
    server.offer(NEW, &package);
    let assistant = started(&profile, &server.policy());
    assert_eq!(assistant.download_update().await.unwrap_err().code, FailureCode::NotFound);
    let state = assistant.look_for_update().await.unwrap();
    let found = state.found.unwrap();
    assert_eq!((found.version.as_str(), state.stage), (NEW, UpdateStage::Idle));
    assert_eq!(found.notes.as_deref(), Some("What is new: <b>all</b>."));
    assert!(server.asked().is_empty(), "nothing is fetched that nobody wanted");
    let state = assistant.download_update().await.unwrap();
    assert_eq!((state.stage, state.problem), (UpdateStage::Ready, None));
    // It is ready in another run too.
    drop(assistant);
    let assistant = started(&profile, &server.policy());
    assert_eq!(assistant.look_for_update().await.unwrap().stage, UpdateStage::Ready);
    assert!(installed(&assistant) == package);
    assert_eq!((server.asked().len(), files(&profile).len()), (1, 0));
}

#[tokio::test]
async fn what_the_organisation_did_not_sign_is_refused_and_removed() {
    let (profile, server, package) = (Profile::new(), UpdateServer::start(), package(2));
    let assistant = started(&profile, &server.policy());
    let good = server.sign(&package, NEW);
    let mut forged = package.clone();
    forged[299_999] ^= 1;
    let older = server.sign(&package, "0.0.1");
    for (what, bytes, signature) in [
        ("another package", &forged, good.clone()),
        ("another key", &package, signed_by_another(&package, NEW)),
        ("an older package as a newer version", &package, older),
        ("no signature", &package, String::new()),
    ] {
        server.offer_signed(NEW, bytes, &signature);
        let state = fetched(&assistant).await;
        assert_eq!((problem(&state), state.stage), (Kind::Signature, UpdateStage::Idle), "{what}");
        assert_eq!(files(&profile), [""; 0], "{what}");
        let refused = assistant.install_update(|_, _, _| panic!("{what} is installed"));
        assert_eq!(refused.unwrap_err().code, FailureCode::Busy, "{what}");
    }
    // What was changed on the disk after it was found to be good is refused as well.
    server.offer_signed(NEW, &package, &good);
    assert_eq!(fetched(&assistant).await.stage, UpdateStage::Ready);
    std::fs::write(profile.data().join("update/package"), &forged).unwrap();
    let state = assistant.install_update(|_, _, _| panic!("it is installed")).unwrap();
    assert_eq!((problem(&state), files(&profile).len()), (Kind::Signature, 0));
}

#[tokio::test]
async fn only_a_newer_version_is_offered() {
    let (profile, server, package) = (Profile::new(), UpdateServer::start(), package(3));
    let assistant = started(&profile, &server.policy());
    server.offer("0.0.1", &package);
    let state = assistant.look_for_update().await.unwrap();
    assert_eq!((problem(&state), state.found), (Kind::Older, None));
    server.offer(env!("CARGO_PKG_VERSION"), &package);
    let state = assistant.look_for_update().await.unwrap();
    assert_eq!((state.problem, state.found), (None, None));
    assert!(state.looked.is_some());
    assert_eq!(assistant.download_update().await.unwrap_err().code, FailureCode::NotFound);
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_download_that_was_cut_goes_on_where_it_stopped_by_itself_and_in_another_run() {
    let (profile, server, package) = (Profile::new(), UpdateServer::start(), package(4));
    server.offer(NEW, &package);
    // By itself, for as long as more comes.
    server.served().cut = Some(120_000);
    let assistant = started(&profile, &server.policy());
    assert_eq!(fetched(&assistant).await.stage, UpdateStage::Ready);
    let ranges = [None, Some("bytes=120000-".to_owned()), Some("bytes=240000-".to_owned())];
    let asked = server.asked();
    assert_eq!(asked.iter().map(|asked| asked.range.clone()).collect::<Vec<_>>(), ranges);
    assert_eq!(asked.iter().map(|asked| asked.status).collect::<Vec<_>>(), [200, 206, 206]);
    assert_eq!(asked[1].if_range.as_deref(), Some("\"one\""));
    assert!(installed(&assistant) == package);

    // Where it was stopped, in another run.
    server.served().cut = None;
    server.served().pause = Duration::from_millis(50);
    let assistant = started(&profile, &server.policy());
    assistant.look_for_update().await.unwrap();
    let stopping = assistant.clone();
    let mut changes = assistant.changes();
    let stop = async {
        let half = |stage| matches!(stage, UpdateStage::Downloading { received: 100_000.., .. });
        while !half(stopping.update_state().stage) {
            changes.recv().await.unwrap();
        }
        assert!(stopping.stop_update());
    };
    let (state, ()) = tokio::join!(assistant.download_update(), stop);
    let state = state.unwrap();
    assert_eq!((state.stage, state.problem), (UpdateStage::Idle, None));
    drop((assistant, stopping));
    let part = std::fs::metadata(profile.data().join("update/package.part")).unwrap().len();
    assert!((100_000..300_000).contains(&part), "{part}");
    server.served().pause = Duration::ZERO;
    let assistant = started(&profile, &server.policy());
    assert_eq!(fetched(&assistant).await.stage, UpdateStage::Ready);
    let last = server.asked().pop().unwrap();
    assert_eq!((last.range, last.status), (Some(format!("bytes={part}-")), 206));
    assert!(installed(&assistant) == package);
}

#[tokio::test]
async fn a_package_that_was_replaced_begins_anew_and_is_told_if_it_is_not_what_was_announced() {
    let (profile, server, first) = (Profile::new(), UpdateServer::start(), package(5));
    server.offer(NEW, &first);
    server.served().cut = Some(0);
    let assistant = started(&profile, &server.policy());
    // Nothing more comes: what is here is kept.
    let part = &first[..150_000];
    assert_eq!(problem(&fetched(&assistant).await), Kind::Cut);
    std::fs::write(profile.data().join("update/package.part"), part).unwrap();

    // The package and what is announced are others by now.
    let second = package(6);
    server.served().etag = Some("\"two\"".to_owned());
    server.offer(NEW, &second);
    server.served().cut = None;
    assert_eq!(fetched(&assistant).await.stage, UpdateStage::Ready);
    let last = server.asked().pop().unwrap();
    assert_eq!((last.range.as_deref(), last.status), (Some("bytes=150000-"), 200));
    assert!(installed(&assistant) == second);

    // The package is another one, and what was announced is not.
    let assistant = started(&profile, &server.policy());
    server.served().cut = Some(150_000);
    server.served().ranges = false;
    server.served().pause = Duration::from_millis(50);
    assistant.look_for_update().await.unwrap();
    let before = server.asked().len();
    let replaced = async {
        while server.asked().len() == before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut served = server.served();
        (served.package, served.etag, served.cut) =
            (first.clone(), Some("\"one\"".to_owned()), None);
    };
    let (state, ()) = tokio::join!(assistant.download_update(), replaced);
    let state = state.unwrap();
    assert_eq!((problem(&state), files(&profile).len()), (Kind::Changed, 0));
}

#[tokio::test]
async fn a_server_that_sends_whole_files_alone_or_names_none_is_enough() {
    for (ranges, etag) in [(false, Some("\"one\"")), (true, None), (true, Some("W/\"one\""))] {
        let (profile, server, package) = (Profile::new(), UpdateServer::start(), package(7));
        server.offer(NEW, &package);
        server.served().ranges = ranges;
        server.served().etag = etag.map(str::to_owned);
        let assistant = started(&profile, &server.policy());
        assistant.look_for_update().await.unwrap();
        server.served().cut = Some(100_000);
        let mended = async {
            while server.asked().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            server.served().cut = None;
        };
        let (state, ()) = tokio::join!(assistant.download_update(), mended);
        assert_eq!(state.unwrap().stage, UpdateStage::Ready, "{ranges} {etag:?}");
        assert!(installed(&assistant) == package);
    }
}

#[tokio::test]
async fn what_is_no_announcement_is_told_and_one_without_end_is_not_read() {
    let (profile, server) = (Profile::new(), UpdateServer::start());
    let assistant = started(&profile, &server.policy());
    let look = async || problem(&assistant.look_for_update().await.unwrap());
    assert_eq!(look().await, Kind::Unreachable);
    server.served().announcement = Some(b"<html>".to_vec());
    assert_eq!(look().await, Kind::Announcement);
    server.served().announcement = Some(vec![b' '; 100 << 20]);
    assert_eq!(look().await, Kind::Unreachable);
    server.offer(NEW, b"x");
    let foreign = String::from_utf8(server.served().announcement.clone().unwrap()).unwrap();
    server.served().announcement = Some(foreign.replace("linux", "plan9").into_bytes());
    assert_eq!(look().await, Kind::NoPackage);
    // A package from elsewhere is not fetched.
    let elsewhere = foreign.replace("http://127.0.0.1", "http://192.0.2.1");
    server.served().announcement = Some(elsewhere.into_bytes());
    let state = fetched(&assistant).await;
    assert!(state.problem.unwrap().detail.contains("another server"));
}

#[tokio::test]
async fn nobody_is_asked_whom_the_policy_does_not_name() {
    let (profile, server) = (Profile::new(), UpdateServer::start());
    server.offer(NEW, b"package");
    let forbidden = server.policy().replace("stable\"", "none\"");
    let assistant = started(&profile, &forbidden);
    assistant.look_for_update_if_due().await;
    for refused in [assistant.look_for_update().await, assistant.download_update().await] {
        assert_eq!(refused.unwrap_err().code, FailureCode::Forbidden);
    }
    assert_eq!(assistant.update_state().from, UpdatesFrom::Forbidden);
    let assistant = started(&profile, "");
    assistant.look_for_update_if_due().await;
    assert_eq!(assistant.look_for_update().await.unwrap_err().code, FailureCode::Invalid);
    assert_eq!(assistant.update_state().from, UpdatesFrom::Nowhere);
    assert_eq!(server.looked(), 0);
    // Where one is named it is asked once a day.
    let assistant = started(&profile, &server.policy());
    assistant.look_for_update_if_due().await;
    assistant.look_for_update_if_due().await;
    assert_eq!(server.looked(), 1);
    assert!(assistant.update_state().found.is_some());
}

#[tokio::test]
async fn nothing_is_installed_while_an_answer_is_written_or_where_bureau_came_from_no_package() {
    let (profile, server, package) = (Profile::new(), UpdateServer::start(), package(8));
    server.offer(NEW, &package);
    let pieces = std::iter::repeat_n("word ", 50);
    let endpoint = Endpoint::start(move |_| stream_of(pieces.clone(), Duration::from_millis(200)));
    let policy = format!(
        "{}[endpoints.provided.work]\naddress = \"{}\"\n",
        server.policy(),
        endpoint.address()
    );
    let assistant = super::policy::under(&profile, &policy);
    assert_eq!(fetched(&assistant).await.stage, UpdateStage::Ready);
    let refused = assistant.install_update(|_, _, _| panic!("it is installed"));
    assert_eq!(refused.unwrap_err().code, FailureCode::Invalid);
    drop(assistant);

    let assistant = Arc::new(
        Arc::into_inner(super::policy::under(&profile, &policy))
            .unwrap()
            .installed_from(Some("deb")),
    );
    assert_eq!(assistant.look_for_update().await.unwrap().stage, UpdateStage::Ready);
    let mut updates = assistant.send(question("Begin")).await.unwrap();
    while !matches!(updates.recv().await.unwrap(), assistant::AnswerUpdate::Delta(_)) {}
    let refused = assistant.install_update(|_, _, _| panic!("it is installed"));
    assert_eq!(refused.unwrap_err().code, FailureCode::Busy);
    let conversation = assistant.history().unwrap().conversations().unwrap().remove(0);
    assert!(assistant.stop(conversation.id));
    super::ended(updates).await;
    assert!(installed(&assistant) == package);
}
