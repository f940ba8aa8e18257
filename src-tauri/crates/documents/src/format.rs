//! What a file is: told by its content, and among texts by its name.

use std::io::Cursor;

use crate::office::sheets::Workbook;
use crate::parts::Parts;
use crate::xml::{Event, Xml};
use crate::{ReadError, text};

/// How far into a file its first bytes are looked for.
const HEAD: usize = 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PDF.
    Pdf,
    /// A document of Word.
    Docx,
    /// A presentation of PowerPoint.
    Pptx,
    /// Tables.
    Workbook(Workbook),
    /// An Office file with a password.
    Encrypted,
    /// A text document or a presentation of OpenDocument.
    Odf,
    /// A book.
    Epub,
    /// A letter that Outlook saved.
    Msg,
    /// A letter.
    Eml,
    /// Rich text.
    Rtf,
    /// A web page.
    Html,
    /// Values between separators, of which this one is known.
    Table(Option<char>),
    /// Markdown.
    Markdown,
    /// A program's source in this language.
    Code(&'static str),
    /// Plain text.
    Text,
    /// A picture.
    Picture,
}

/// Whether a file is text that a model can be given as it is: source, Markdown, values, plain text.
pub fn is_text(name: &str, data: &[u8]) -> bool {
    use Format::{Code, Html, Markdown, Table, Text};
    matches!(of(name, data), Ok(Html | Table(_) | Markdown | Code(_) | Text))
}

/// Whether a text of this name is neither Markdown nor anything else that is set: its lines end where
/// they end in the file.
pub fn is_plain(name: &str) -> bool {
    matches!(extension(name).as_str(), "" | "txt" | "text" | "log")
}

/// What a file is, as far as a rule about files goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Text that a model can be given as it is.
    Text,
    /// A picture.
    Picture,
    /// PDF.
    Pdf,
    /// Word, Excel, PowerPoint, OpenDocument, RTF; an encrypted one as well.
    Office,
    /// A letter.
    Mail,
    /// A book.
    Book,
}

/// The family of a file, told by its content.
///
/// # Errors
/// [`ReadError::Empty`], [`ReadError::Unsupported`] with what to do, or [`ReadError::Damaged`].
pub fn family(name: &str, data: &[u8]) -> Result<Family, ReadError> {
    Ok(match of(name, data)? {
        Format::Pdf => Family::Pdf,
        Format::Docx
        | Format::Pptx
        | Format::Workbook(_)
        | Format::Encrypted
        | Format::Odf
        | Format::Rtf => Family::Office,
        Format::Epub => Family::Book,
        Format::Msg | Format::Eml => Family::Mail,
        Format::Html | Format::Table(_) | Format::Markdown | Format::Code(_) | Format::Text => {
            Family::Text
        }
        Format::Picture => Family::Picture,
    })
}

/// What this file is.
///
/// # Errors
/// [`ReadError::Empty`], [`ReadError::Unsupported`] with what to do, or [`ReadError::Damaged`].
pub fn of(name: &str, data: &[u8]) -> Result<Format, ReadError> {
    let head = data.get(..HEAD).unwrap_or(data);
    if data.is_empty() {
        return Err(ReadError::Empty);
    }
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return of_archive(data);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return of_compound(data);
    }
    if head.starts_with(b"{\\rtf") {
        return Ok(Format::Rtf);
    }
    if is_picture(head) {
        return Ok(Format::Picture);
    }
    if let Some(kind) = known(head) {
        return Err(unsupported(kind));
    }
    if !text::is_text(data) {
        return Err(unsupported("neither a document nor a text"));
    }
    Ok(of_text(name, head))
}

fn unsupported(what: &str) -> ReadError {
    ReadError::Unsupported(what.to_owned())
}

fn is_picture(head: &[u8]) -> bool {
    let webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    // A bitmap's own size follows its two letters, then four zeroes.
    let bitmap = head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]);
    let starts: [&[u8]; 6] =
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*"];
    webp || bitmap || starts.iter().any(|start| head.starts_with(start))
}

/// Files that are often met, and hold no text that is read here.
fn known(head: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 9] = [
        (b"\x1f\x8b", "an archive; unpack it, and add the files within it"),
        (b"7z\xbc\xaf\x27\x1c", "an archive; unpack it, and add the files within it"),
        (b"Rar!\x1a\x07", "an archive; unpack it, and add the files within it"),
        (b"BZh", "an archive; unpack it, and add the files within it"),
        (b"ID3", "a sound"),
        (b"OggS", "a sound or a film"),
        (b"\x1aE\xdf\xa3", "a film"),
        (b"\x7fELF", "a program"),
        (b"MZ", "a program"),
    ];
    if head.get(4..8) == Some(b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        let picture = brand.starts_with(b"hei") || brand.starts_with(b"mif") || brand == b"avif";
        return Some(if picture { "a picture as HEIC or AVIF; save it as JPEG" } else { "a film" });
    }
    kinds.iter().find(|(start, _)| head.starts_with(start)).map(|(_, kind)| *kind)
}

/// What a ZIP archive is the container of.
fn of_archive(data: &[u8]) -> Result<Format, ReadError> {
    let mut parts = Parts::open(data)?;
    if let Some(kind) = parts.text("mimetype")? {
        let protected = parts.text("META-INF/manifest.xml")?;
        if protected.is_some_and(|manifest| manifest.contains("encryption-data")) {
            return Err(unsupported("an OpenDocument file with a password; save it without one"));
        }
        let kind = kind.trim();
        if kind == "application/epub+zip" {
            return Ok(Format::Epub);
        }
        return match kind.strip_prefix("application/vnd.oasis.opendocument.") {
            Some(kind) if kind.starts_with("text") || kind.starts_with("presentation") => {
                Ok(Format::Odf)
            }
            Some(kind) if kind.starts_with("spreadsheet") => Ok(Format::Workbook(Workbook::Ods)),
            _ => Err(unsupported("a drawing or another file without text; save it as PDF")),
        };
    }
    if let Some(types) = parts.text("[Content_Types].xml")? {
        return of_office(&types);
    }
    if parts.has("META-INF/container.xml") {
        return Ok(Format::Epub);
    }
    if parts.has("Index/Document.iwa") || parts.has("Index.zip") {
        return Err(unsupported("a file of Pages, Numbers or Keynote; save it as PDF"));
    }
    Err(unsupported("an archive; unpack it, and add the files within it"))
}

/// What an Office file is, by the type of its main part.
fn of_office(types: &str) -> Result<Format, ReadError> {
    let mut xml = Xml::new(types);
    while let Some(event) = xml.next()? {
        let Event::Open(element) = event else { continue };
        let kind = element.attribute("ContentType").unwrap_or_default();
        let xml = kind.ends_with(".main+xml");
        if kind.ends_with("sheet.binary.macroEnabled.main") {
            return Ok(Format::Workbook(Workbook::Xlsb));
        } else if xml && (kind.contains("wordprocessingml") || kind.contains("ms-word")) {
            return Ok(Format::Docx);
        } else if xml && (kind.contains("presentationml") || kind.contains("ms-powerpoint")) {
            return Ok(Format::Pptx);
        } else if xml && (kind.contains("spreadsheetml") || kind.contains("ms-excel")) {
            return Ok(Format::Workbook(Workbook::Xlsx));
        }
    }
    Err(unsupported("a file of another office program; save it as PDF"))
}

/// What a compound file (MS-CFB) is the container of.
fn of_compound(data: &[u8]) -> Result<Format, ReadError> {
    let file = cfb::CompoundFile::open(Cursor::new(data));
    let file = file.map_err(|error| ReadError::Damaged(error.to_string()))?;
    let has = |name: &str| file.exists(name);
    if has("/EncryptedPackage") {
        Ok(Format::Encrypted)
    } else if has("/Workbook") || has("/Book") {
        Ok(Format::Workbook(Workbook::Xls))
    } else if has("/__properties_version1.0") {
        Ok(Format::Msg)
    } else if has("/WordDocument") {
        Err(unsupported("a document of Word before 2007; open it there, and save it as DOCX"))
    } else if has("/PowerPoint Document") {
        Err(unsupported(
            "a presentation of PowerPoint before 2007; open it there, and save it as PPTX",
        ))
    } else {
        Err(unsupported("a file of an older program; save it as PDF"))
    }
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase()
}

fn of_text(name: &str, head: &[u8]) -> Format {
    let start = text::decode(head.to_vec());
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let extension = extension(name);
    let lower = start.to_lowercase();
    if lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || (lower.starts_with("<?xml") && lower.contains("<html"))
    {
        return Format::Html;
    }
    match extension.as_str() {
        "htm" | "html" | "xhtml" => return Format::Html,
        "eml" => return Format::Eml,
        "csv" => return Format::Table(None),
        "tsv" | "tab" => return Format::Table(Some('\t')),
        "md" | "markdown" | "mdown" | "mkd" => return Format::Markdown,
        extension if !extension.is_empty() && is_plain(name) => return Format::Text,
        _ => {}
    }
    if let Some(language) = language(name, &extension) {
        return Format::Code(language);
    }
    if is_letter(start) { Format::Eml } else { Format::Text }
}

/// Whether a text begins with the fields of a letter.
fn is_letter(start: &str) -> bool {
    const FIELDS: [&str; 10] = [
        "from",
        "to",
        "subject",
        "date",
        "received",
        "mime-version",
        "return-path",
        "message-id",
        "delivered-to",
        "content-type",
    ];
    let lines = start.lines().take_while(|line| !line.is_empty());
    let fields = lines.filter(|line| !line.starts_with([' ', '\t']));
    let mut known = 0;
    for field in fields {
        let Some((name, _)) = field.split_once(':') else { return false };
        if !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        known += usize::from(FIELDS.contains(&name.to_lowercase().as_str()));
    }
    known >= 3
}

/// The language of a program's source.
fn language(name: &str, extension: &str) -> Option<&'static str> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match file {
        "Dockerfile" => return Some("dockerfile"),
        "Makefile" => return Some("makefile"),
        _ => {}
    }
    Some(match extension {
        "adb" | "ads" => "ada",
        "asm" | "s" => "asm",
        "bas" | "vb" | "vbs" => "vb",
        "bash" | "sh" | "zsh" => "bash",
        "bat" | "cmd" => "bat",
        "c" | "h" => "c",
        "cbl" | "cob" => "cobol",
        "clj" => "clojure",
        "cpp" | "cc" | "cxx" | "hpp" | "hh" => "cpp",
        "cs" => "csharp",
        "css" | "scss" | "less" => "css",
        "dart" => "dart",
        "diff" | "patch" => "diff",
        "ex" | "exs" => "elixir",
        "erl" => "erlang",
        "f" | "f90" | "for" => "fortran",
        "go" => "go",
        "groovy" | "gradle" => "groovy",
        "hs" => "haskell",
        "ini" | "cfg" | "conf" | "properties" => "ini",
        "java" => "java",
        "js" | "mjs" | "cjs" | "jsx" => "javascript",
        "json" | "jsonl" | "ndjson" | "geojson" => "json",
        "jl" => "julia",
        "kt" | "kts" => "kotlin",
        "lua" => "lua",
        "m" => "matlab",
        "ml" | "mli" => "ocaml",
        "pas" => "pascal",
        "php" => "php",
        "pl" | "pm" => "perl",
        "ps1" => "powershell",
        "py" | "pyi" => "python",
        "r" => "r",
        "rb" => "ruby",
        "rs" => "rust",
        "sas" => "sas",
        "scala" => "scala",
        "sql" => "sql",
        "svelte" => "svelte",
        "swift" => "swift",
        "tex" | "sty" | "bib" => "latex",
        "toml" => "toml",
        "ts" | "tsx" => "typescript",
        "vue" => "vue",
        "xml" | "xsd" | "xsl" | "xslt" | "svg" | "wsdl" => "xml",
        "yaml" | "yml" => "yaml",
        _ => return None,
    })
}
