//! Office files with a password (MS-OFFCRYPTO, section 2.3.4.10 and after: agile encryption, which
//! is what Office has written since 2010).

use std::io::{Cursor, Read};

use aes::{Aes128, Aes192, Aes256};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use cbc::Decryptor;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use cfb::CompoundFile;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::ReadError;
use crate::xml::{Element, Event, Xml};

/// What the keys are for, as it is mixed into them.
const VERIFIER_INPUT: [u8; 8] = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79];
const VERIFIER_HASH: [u8; 8] = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e];
const KEY: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];

/// How many bytes of the file are encrypted together.
const SEGMENT: usize = 4096;

/// The most times that a password may be hashed, by the format.
const SPINS: u32 = 10_000_000;

/// How many bytes the file may have.
const SIZE: u64 = 256 << 20;

/// The file that this one is around, opened with the password.
///
/// # Errors
/// [`ReadError::PasswordNeeded`], [`ReadError::WrongPassword`], [`ReadError::Damaged`], and
/// [`ReadError::Unsupported`] where another encryption is used.
pub fn decrypt(data: &[u8], password: Option<&str>) -> Result<Vec<u8>, ReadError> {
    let mut file = CompoundFile::open(Cursor::new(data)).map_err(|_| damaged())?;
    let mut part = |name: &str| {
        let stream = file.open_stream(name).map_err(|_| damaged())?;
        let mut content = Vec::new();
        stream.take(SIZE).read_to_end(&mut content).map_err(|_| damaged())?;
        Ok(content)
    };
    let info = part("/EncryptionInfo")?;
    let package = part("/EncryptedPackage")?;
    let Some(info) = info.strip_prefix(&[4, 0, 4, 0, 0x40, 0, 0, 0]) else {
        return Err(ReadError::Unsupported(
            "an Office file whose password is of an old or another kind; save it without one"
                .into(),
        ));
    };
    let password = password.ok_or(ReadError::PasswordNeeded)?;
    let info = Info::read(&String::from_utf8_lossy(info))?;
    let key = info.key(password)?;
    info.package.open_package(&key, &package)
}

fn damaged() -> ReadError {
    ReadError::Damaged("its encryption cannot be made out".into())
}

/// How something is encrypted.
#[derive(Debug, Default)]
struct Cipher {
    hash: Hash,
    key: usize,
    block: usize,
    salt: Vec<u8>,
}

#[derive(Debug, Default)]
struct Info {
    package: Cipher,
    password: Cipher,
    spins: u32,
    verifier_input: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

impl Info {
    fn read(text: &str) -> Result<Self, ReadError> {
        let mut info = Self::default();
        let mut xml = Xml::new(text);
        while let Some(event) = xml.next()? {
            let Event::Open(element) = event else { continue };
            match element.name() {
                "keyData" => info.package = Cipher::read(&element)?,
                "encryptedKey" => {
                    info.password = Cipher::read(&element)?;
                    let spins = element.attribute("spinCount").and_then(|spins| spins.parse().ok());
                    info.spins = spins.filter(|spins| *spins <= SPINS).ok_or_else(damaged)?;
                    info.verifier_input = bytes(&element, "encryptedVerifierHashInput")?;
                    info.verifier_hash = bytes(&element, "encryptedVerifierHashValue")?;
                    info.key = bytes(&element, "encryptedKeyValue")?;
                }
                _ => {}
            }
        }
        Ok(info)
    }

    /// The key of the file, if this is its password.
    fn key(&self, password: &str) -> Result<Vec<u8>, ReadError> {
        let hash = self.password.hash;
        let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut hashed = hash.of(&[&self.password.salt, &password]);
        for spin in 0..self.spins {
            hashed = hash.of(&[&spin.to_le_bytes(), &hashed]);
        }
        let open = |purpose: &[u8], encrypted: &[u8]| {
            let key = sized(hash.of(&[&hashed, purpose]), self.password.key);
            let salt = sized(self.password.salt.clone(), self.password.block);
            decrypt_blocks(&key, &salt, encrypted.to_vec())
        };
        let input = open(&VERIFIER_INPUT, &self.verifier_input)?;
        let expected = open(&VERIFIER_HASH, &self.verifier_hash)?;
        if !expected.starts_with(&hash.of(&[&input])) {
            return Err(ReadError::WrongPassword);
        }
        let mut key = open(&KEY, &self.key)?;
        key.truncate(self.package.key);
        Ok(key)
    }
}

impl Cipher {
    fn read(element: &Element<'_>) -> Result<Self, ReadError> {
        let number = |name: &str| {
            let number = element.attribute(name).and_then(|number| number.parse::<usize>().ok());
            number.ok_or_else(damaged)
        };
        let is = |name: &str, value: &str| element.attribute(name).as_deref() == Some(value);
        if !is("cipherAlgorithm", "AES") || !is("cipherChaining", "ChainingModeCBC") {
            return Err(ReadError::Unsupported(
                "an Office file that is not encrypted with AES".into(),
            ));
        }
        let hash = match element.attribute("hashAlgorithm").as_deref() {
            Some("SHA1") => Hash::Sha1,
            Some("SHA256") => Hash::Sha256,
            Some("SHA384") => Hash::Sha384,
            Some("SHA512") => Hash::Sha512,
            _ => return Err(damaged()),
        };
        let (key, block) = (number("keyBits")? / 8, number("blockSize")?);
        Ok(Self { hash, key, block, salt: bytes(element, "saltValue")? })
    }

    /// A package: its length, and segments that each begin anew.
    fn open_package(&self, key: &[u8], package: &[u8]) -> Result<Vec<u8>, ReadError> {
        let (length, segments) = package.split_first_chunk::<8>().ok_or_else(damaged)?;
        let mut file = Vec::with_capacity(segments.len());
        for (number, segment) in (0_u32..).zip(segments.chunks(SEGMENT)) {
            let start = sized(self.hash.of(&[&self.salt, &number.to_le_bytes()]), self.block);
            file.append(&mut decrypt_blocks(key, &start, segment.to_vec())?);
        }
        file.truncate(usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX));
        Ok(file)
    }
}

#[derive(Debug, Clone, Copy, Default)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    #[default]
    Sha512,
}

impl Hash {
    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn digest<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            parts.iter().for_each(|part| digest.update(part));
            digest.finalize().to_vec()
        }
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

/// Cut to this length, or filled up as the format says.
fn sized(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    // No cipher has longer keys or blocks.
    bytes.resize(length.min(64), 0x36);
    bytes
}

fn decrypt_blocks(key: &[u8], start: &[u8], mut data: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    fn run<C>(key: &[u8], start: &[u8], data: &mut [u8]) -> Option<()>
    where
        C: BlockModeDecrypt + KeyIvInit,
    {
        C::new_from_slices(key, start).ok()?.decrypt_padded::<NoPadding>(data).ok()?;
        Some(())
    }
    let done = match key.len() {
        16 => run::<Decryptor<Aes128>>(key, start, &mut data),
        24 => run::<Decryptor<Aes192>>(key, start, &mut data),
        32 => run::<Decryptor<Aes256>>(key, start, &mut data),
        _ => None,
    };
    done.map(|()| data).ok_or_else(damaged)
}

fn bytes(element: &Element<'_>, name: &str) -> Result<Vec<u8>, ReadError> {
    let value = element.attribute(name).ok_or_else(damaged)?;
    BASE64_STANDARD.decode(value).map_err(|_| damaged())
}
