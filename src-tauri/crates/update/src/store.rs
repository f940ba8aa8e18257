//! The package of a release on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use endpoint::{Begun, Download, EndpointConfig, download};
use serde::{Deserialize, Serialize};

use crate::{Key, Release, UpdateError};

/// A package has this many bytes at most.
const MOST: u64 = 1 << 30;
/// How long is waited before a download that was cut is gone on with.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is gone on with by itself where nothing more comes.
const FRUITLESS: u32 = 2;

/// The one package that is fetched or ready.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What is known of the bytes that came.
#[derive(Serialize, Deserialize)]
struct Part {
    address: String,
    etag: String,
}

impl Store {
    /// The package in this folder, which is made when there is one.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Fetches a release's package, behind what came before it was cut, and checks its signature.
    /// `told` hears how many bytes there are, and of how many. What came stays when the future is
    /// dropped.
    ///
    /// # Errors
    /// [`UpdateError`]. What came is kept where the connection was cut, and else removed.
    pub async fn fetch(
        &self,
        from: &EndpointConfig,
        release: &Release,
        key: &Key,
        told: impl Fn(u64, Option<u64>),
    ) -> Result<(), UpdateError> {
        fs::create_dir_all(&self.folder)?;
        let mut replaced = false;
        let mut fruitless = 0;
        loop {
            let before = self.bytes();
            match self.attempt(from, &mut replaced, &told).await {
                Ok(()) => break,
                // A connection that broke has also done its part: it goes on while more comes.
                Err(UpdateError::Cut(failure)) => {
                    fruitless = if self.bytes() > before { 0 } else { fruitless + 1 };
                    if fruitless > FRUITLESS {
                        return Err(UpdateError::Cut(failure));
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(self.let_go(error)),
            }
        }
        let (store, release, key) = (self.clone(), release.clone(), key.clone());
        let checked = tokio::task::spawn_blocking(move || store.keep(&release, &key)).await;
        match checked.unwrap_or_else(|error| Err(UpdateError::Disk(io::Error::other(error)))) {
            Err(UpdateError::Signature(_) | UpdateError::SignedVersion { .. }) if replaced => {
                Err(UpdateError::Changed)
            }
            checked => checked.map_err(|error| self.let_go(error)),
        }
    }

    /// What came is of no use, or fills a disk: it does not stay.
    fn let_go(&self, error: UpdateError) -> UpdateError {
        use UpdateError::{Disk, NoSpace, TooLarge};
        if matches!(error, NoSpace(_) | Disk(_) | TooLarge { .. }) {
            self.clear();
        }
        error
    }

    /// Whether this release's package is ready, as its bytes were checked when they came.
    pub fn has(&self, release: &Release) -> bool {
        let kept = fs::read_to_string(self.folder.join("package.minisig"));
        kept.is_ok_and(|signature| signature == release.signature) && self.package().exists()
    }

    /// The bytes of this release's package, checked again.
    ///
    /// # Errors
    /// [`UpdateError`]; what is not what was signed is removed.
    pub fn read(&self, release: &Release, key: &Key) -> Result<Vec<u8>, UpdateError> {
        let package = fs::read(self.package())?;
        if let Err(error) = key.verify(package.as_slice(), release) {
            self.clear();
            return Err(error);
        }
        Ok(package)
    }

    /// Removes everything.
    pub fn clear(&self) {
        // What cannot be removed is checked before it is used all the same.
        drop(fs::remove_dir_all(&self.folder));
    }

    /// Fetches what is not there yet.
    async fn attempt(
        &self,
        from: &EndpointConfig,
        replaced: &mut bool,
        told: &impl Fn(u64, Option<u64>),
    ) -> Result<(), UpdateError> {
        let begun = self.begun(&from.address);
        let mut coming = download(from, begun.as_ref()).await?;
        let same = begun.is_none_or(|begun| Some(begun.etag) == coming.etag);
        *replaced |= coming.from == 0 && !same;
        let mut bytes = coming.from;
        let mut file = self.continued(&coming, &from.address)?;
        if coming.total.is_some_and(|total| total > MOST) {
            return Err(UpdateError::TooLarge { most: MOST });
        }
        told(bytes, coming.total);
        while let Some(piece) = coming.next().await? {
            bytes += piece.len() as u64;
            if bytes > MOST {
                return Err(UpdateError::TooLarge { most: MOST });
            }
            file.write_all(&piece)?;
            told(bytes, coming.total);
        }
        file.sync_all()?;
        Ok(())
    }

    /// The file to go on with, where what comes belongs behind what is there; else a new one.
    fn continued(&self, coming: &Download, address: &str) -> Result<File, UpdateError> {
        let (part, about) = (self.part(), self.about());
        if coming.from > 0 {
            return Ok(OpenOptions::new().append(true).open(part)?);
        }
        // Never the name of one file beside the bytes of another.
        removed(&about)?;
        let file = File::create(part)?;
        if let Some(etag) = &coming.etag {
            let known = Part { address: address.to_owned(), etag: etag.clone() };
            fs::write(about, serde_json::to_vec(&known).map_err(io::Error::other)?)?;
        }
        Ok(file)
    }

    /// What came of the file at this address, if it can be gone on with.
    fn begun(&self, address: &str) -> Option<Begun> {
        let known: Part = serde_json::from_slice(&fs::read(self.about()).ok()?).ok()?;
        let bytes = self.bytes();
        (bytes > 0 && known.address == address).then_some(Begun { bytes, etag: known.etag })
    }

    /// Keeps what came as the release's package, if that is what it is.
    fn keep(&self, release: &Release, key: &Key) -> Result<(), UpdateError> {
        if let Err(error) = key.verify(File::open(self.part())?, release) {
            self.clear();
            return Err(error);
        }
        let signature = self.folder.join("package.minisig");
        removed(&signature)?;
        fs::rename(self.part(), self.package())?;
        removed(&self.about())?;
        fs::write(signature, &release.signature)?;
        Ok(())
    }

    fn bytes(&self) -> u64 {
        fs::metadata(self.part()).map_or(0, |part| part.len())
    }

    fn part(&self) -> PathBuf {
        self.folder.join("package.part")
    }

    /// What the part is of.
    fn about(&self) -> PathBuf {
        self.folder.join("part.json")
    }

    fn package(&self) -> PathBuf {
        self.folder.join("package")
    }
}

fn removed(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
