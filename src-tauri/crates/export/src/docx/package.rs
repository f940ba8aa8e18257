//! The container: a ZIP archive of parts that refer to each other.

use std::io::{BufWriter, Write};

use conversation::{Marking, Timestamp};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::body::Body;
use crate::picture::Kind;
use crate::xml::Xml;
use crate::{ExportError, time};

/// The namespace of the document's own elements.
pub const WORDS: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const PAGE: &str = concat!(
    "<w:footerReference w:type=\"default\" r:id=\"footer\"/>",
    "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
    "<w:pgMar w:top=\"1418\" w:right=\"1418\" w:bottom=\"1418\" w:left=\"1418\" w:header=\"709\" ",
    "w:footer=\"709\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
);

/// What the part of the head is, where there is one.
const HEADER_TYPE: &str = "<Override PartName=\"/word/header.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>";

/// The container as it is written, part by part; the document's is the first.
pub struct Package<'o> {
    zip: ZipWriter<StreamWriter<BufWriter<&'o mut dyn Write>>>,
}

impl<'o> Package<'o> {
    /// Begins the document.
    pub fn begin(out: &'o mut dyn Write) -> Result<Self, ExportError> {
        let mut package = Self { zip: ZipWriter::new_stream(BufWriter::new(out)) };
        package.start("word/document.xml", CompressionMethod::Deflated)?;
        package.push(HEAD)?;
        package.push(include_str!("parts/document.xml"))?;
        Ok(package)
    }

    /// Writes more of the document.
    pub fn push(&mut self, xml: &str) -> Result<(), ExportError> {
        self.zip.write_all(xml.as_bytes())?;
        Ok(())
    }

    /// Ends the document and writes the parts that it refers to.
    pub fn end(
        mut self,
        body: &Body<'_>,
        title: &str,
        created: Timestamp,
        language: &str,
        marking: Option<&Marking>,
    ) -> Result<(), ExportError> {
        self.push(&body.xml.text)?;
        self.push("<w:sectPr>")?;
        if marking.is_some() {
            self.push("<w:headerReference w:type=\"default\" r:id=\"header\"/>")?;
        }
        self.push(PAGE)?;
        let mut lang = Xml::default();
        lang.push(language);
        let styles = include_str!("parts/styles.xml").replace("{language}", &lang.text);
        let band = marking.map_or_else(String::new, band);
        let footer =
            include_str!("parts/footer.xml").replace("</w:ftr>", &format!("{band}</w:ftr>"));
        let header = format!("<w:hdr xmlns:w=\"{WORDS}\">{band}</w:hdr>");
        if marking.is_some() {
            self.start("word/header.xml", CompressionMethod::Deflated)?;
            self.push(HEAD)?;
            self.push(&header)?;
        }
        let types = include_str!("parts/content-types.xml");
        let types = if marking.is_some() {
            types.replace("</Types>", &format!("{HEADER_TYPE}</Types>"))
        } else {
            types.to_owned()
        };
        for (name, part) in [
            ("word/styles.xml", styles.as_str()),
            ("word/numbering.xml", &body.lists.part()),
            ("word/fontTable.xml", include_str!("parts/fontTable.xml")),
            ("word/settings.xml", include_str!("parts/settings.xml")),
            ("word/footer.xml", &footer),
            ("word/_rels/document.xml.rels", &relations(body, marking.is_some())),
            ("_rels/.rels", include_str!("parts/relations.xml")),
            ("docProps/core.xml", &properties(title, created, language)),
            ("[Content_Types].xml", &types),
        ] {
            self.start(name, CompressionMethod::Deflated)?;
            self.push(HEAD)?;
            self.push(part)?;
        }
        for (place, picture) in body.pictures.iter().enumerate() {
            let name = format!("word/{}", picture_name(place, picture.kind));
            self.start(&name, CompressionMethod::Stored)?;
            self.zip.write_all(picture.data)?;
        }
        let mut out = self.zip.finish()?.into_inner();
        out.flush()?;
        Ok(())
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> Result<(), ExportError> {
        self.zip.start_file(name, SimpleFileOptions::default().compression_method(method))?;
        Ok(())
    }
}

fn picture_name(place: usize, kind: Kind) -> String {
    let extension = match kind {
        Kind::Png => "png",
        Kind::Jpeg => "jpeg",
        Kind::Gif => "gif",
        Kind::WebP => "webp",
    };
    format!("media/picture{}.{extension}", place + 1)
}

/// The classification as a line of its own colour, in the head and the foot of each page.
fn band(marking: &Marking) -> String {
    let digits = |colour: &str| colour.trim_start_matches('#').to_owned();
    let mut xml = Xml::default();
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| {
            let fill = digits(&marking.colour);
            xml.empty("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", &fill)]);
            xml.empty("w:jc", &[("w:val", "center")]);
        });
        xml.element("w:r", &[], |xml| {
            xml.element("w:rPr", &[], |xml| {
                xml.empty("w:b", &[]);
                xml.empty("w:color", &[("w:val", &digits(&marking.ink))]);
            });
            xml.element("w:t", &[], |xml| xml.push(&marking.text));
        });
    });
    xml.text
}

fn relations(body: &Body<'_>, header: bool) -> String {
    const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    let space = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut xml = Xml::default();
    xml.element("Relationships", &[("xmlns", space)], |xml| {
        let mut push = |id: &str, kind: &str, target: &str, external: bool| {
            let kind = format!("{KINDS}{kind}");
            let mut attributes = vec![("Id", id), ("Type", kind.as_str()), ("Target", target)];
            if external {
                attributes.push(("TargetMode", "External"));
            }
            xml.empty("Relationship", &attributes);
        };
        push("styles", "styles", "styles.xml", false);
        push("numbering", "numbering", "numbering.xml", false);
        push("fonts", "fontTable", "fontTable.xml", false);
        push("settings", "settings", "settings.xml", false);
        push("footer", "footer", "footer.xml", false);
        if header {
            push("header", "header", "header.xml", false);
        }
        for (address, number) in &body.links {
            push(&format!("link{number}"), "hyperlink", address, true);
        }
        for (place, picture) in body.pictures.iter().enumerate() {
            let name = picture_name(place, picture.kind);
            push(&format!("picture{}", place + 1), "image", &name, false);
        }
    });
    xml.text
}

fn properties(title: &str, created: Timestamp, language: &str) -> String {
    let mut xml = Xml::default();
    let spaces = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    xml.element("cp:coreProperties", &spaces, |xml| {
        xml.element("dc:title", &[], |xml| xml.push(title));
        xml.element("dc:language", &[], |xml| xml.push(language));
        if let Some(exact) = time::exact(created) {
            let kind = [("xsi:type", "dcterms:W3CDTF")];
            xml.element("dcterms:created", &kind, |xml| xml.push(&exact));
        }
    });
    xml.text
}
