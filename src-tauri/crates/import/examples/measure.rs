//! Makes up an export of so many megabytes, as JSON or (`zip`) packed, imports it, and says how
//! long that took and how much memory at most:
//! `cargo run --release -p import --features synthetic --example measure -- 1024 zip`.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::time::Instant;

use import::{Event, import, synthetic};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let megabytes: u64 = arguments.next().unwrap_or_else(|| "100".into()).parse()?;
    let packed = arguments.next().is_some_and(|kind| kind == "zip");
    let path = std::env::temp_dir().join(format!("synthetic-export-{}", std::process::id()));
    let outcome = measure(&path, megabytes, packed);
    fs::remove_file(&path)?;
    outcome
}

fn measure(path: &std::path::Path, megabytes: u64, packed: bool) -> Result<(), Box<dyn Error>> {
    let bytes = megabytes << 20;
    let count = if packed {
        let mut zip = zip::ZipWriter::new(File::create(path)?);
        let options = zip::write::SimpleFileOptions::default().large_file(true);
        zip.start_file("conversations.json", options)?;
        let mut buffered = BufWriter::new(&mut zip);
        let count = synthetic::write_chatgpt_export(&mut buffered, bytes)?;
        drop(buffered);
        zip.finish()?;
        count
    } else {
        synthetic::write_chatgpt_export(&mut BufWriter::new(File::create(path)?), bytes)?
    };

    let start = Instant::now();
    let (mut conversations, mut messages) = (0_u64, 0);
    import(path, &mut |event| {
        if let Event::Found { conversation, .. } = event {
            conversations += 1;
            messages += conversation.messages.len();
        }
        ControlFlow::Continue(())
    })?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{conversations} of {count} conversations, {messages} messages");
    println!("{seconds:.2} s, {:.0} MB/s", megabytes as f64 / seconds);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!(
        "{}",
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("no VmHWM here")
    );
    Ok(())
}
