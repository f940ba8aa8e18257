use documents::{Kind, Note, ReadError};

use crate::files::{archive, docx, hidden, odf, office, read, text};

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn headings_lists_and_tables_of_word() {
    let styles = "<w:styles><w:style w:styleId='Titre2'><w:name w:val='heading 2'/></w:style>\
        <w:style w:styleId='Mine'><w:basedOn w:val='Titre2'/></w:style></w:styles>";
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId='7'>\
        <w:lvl w:ilvl='0'><w:start w:val='3'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>\
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='bullet'/><w:lvlText w:val='o'/></w:lvl>\
        <w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%1.%3)'/></w:lvl>\
        </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num></w:numbering>";
    let item = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [
        "<w:p><w:pPr><w:pStyle w:val='Mine'/></w:pPr><w:r><w:t>A title</w:t></w:r></w:p>".into(),
        item(0, "third"),
        item(1, "dot"),
        item(2, "letter"),
        item(0, "fourth"),
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>".into(),
        paragraph("wide"),
        "</w:tc><w:tc>".into(),
        paragraph("a|b"),
        "</w:tc></w:tr><w:tr><w:tc>".into(),
        paragraph("1"),
        paragraph("2"),
        "</w:tc><w:tc><w:tbl><w:tr><w:tc>".into(),
        paragraph("inner"),
        "</w:tc><w:tc>".into(),
        paragraph("table"),
        "</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>".into(),
    ];
    let others = [("r1 styles styles.xml", styles), ("r2 numbering numbering.xml", numbering)];
    let expected = "## A title\n\n3. third\n    - dot\n        - 3.a) letter\n4. fourth\n\n\
        | wide |  | a\\|b |\n| --- | --- | --- |\n| 1<br>2 | inner; table |";
    assert_eq!(text("a.docx", &docx(&body.concat(), &others)), expected);
}

#[test]
fn what_was_inserted_in_word_is_read_and_what_was_deleted_is_not() {
    let body = "<w:p><w:r><w:t>a</w:t></w:r><w:ins><w:r><w:t>b</w:t></w:r></w:ins>\
        <w:del><w:r><w:delText>c</w:delText></w:r></w:del>\
        <w:moveFrom><w:r><w:t>d</w:t></w:r></w:moveFrom></w:p>";
    assert_eq!(text("a.docx", &docx(body, &[])), "ab");
}

#[test]
fn notes_and_comments_of_word_stand_at_the_end() {
    let body = "<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>\
        <w:r><w:commentReference w:id='0'/></w:r></w:p>";
    let footnotes = "<w:footnotes><w:footnote w:id='-1'><w:p/></w:footnote>\
        <w:footnote w:id='2'><w:p><w:r><w:t>See there.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let comments = "<w:comments><w:comment w:id='0' w:author='Ada'><w:p><w:r><w:t>Why?</w:t></w:r></w:p></w:comment></w:comments>";
    let others =
        [("r1 footnotes footnotes.xml", footnotes), ("r2 comments comments.xml", comments)];
    let expected = "Text[^2][^c0]\n\n[^2]: See there.\n\n[^c0]: Ada: Why?";
    assert_eq!(text("a.docx", &docx(body, &others)), expected);
}

#[test]
fn a_text_box_of_word_is_read_once() {
    let content = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", paragraph(text));
    let body = format!(
        "<w:p><w:r><w:t>around</w:t><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        content("box"),
        content("box")
    );
    assert_eq!(text("a.docx", &docx(&body, &[])), "box\n\naround");
}

#[test]
fn equations_of_word_are_a_line() {
    let run = |text: &str| format!("<m:r><m:t>{text}</m:t></m:r>");
    let body = format!(
        "<w:p><m:oMath>{}<m:f><m:num>{}</m:num><m:den>{}</m:den></m:f>\
        <m:rad><m:radPr/><m:deg/><m:e>{}</m:e></m:rad></m:oMath></w:p>",
        run("x="),
        run("a+b"),
        run("c"),
        run("d")
    );
    assert_eq!(text("a.docx", &docx(&body, &[])), "x=(a+b)/c√d");
}

#[test]
fn what_nobody_sees_in_word_is_hidden() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text} </w:t></w:r>")
    };
    let white = "<w:color w:val='FFFFFF'/>";
    let body = [
        "<w:p>".into(),
        run("<w:vanish/>", "vanished"),
        run("<w:vanish w:val='0'/>", "seen"),
        run(white, "white"),
        run(&format!("{white}<w:shd w:fill='000000'/>"), "on black"),
        run("<w:sz w:val='2'/>", "tiny"),
        "</w:p><w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill='1F3864'/></w:tcPr><w:p>".into(),
        run(white, "head"),
        "</w:p></w:tc><w:tc><w:p>".into(),
        run(white, "cell"),
        "</w:p></w:tc></w:tr></w:tbl>".into(),
    ];
    let document = read("a.docx", &docx(&body.concat(), &[]));
    assert_eq!(hidden(&document), ["vanished ", "white ", "tiny", "cell"]);
}

#[test]
fn slides_come_in_order_with_titles_tables_and_notes() {
    let slide = |attributes: &str, shapes: &str| {
        format!("<p:sld {attributes}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>")
    };
    let shape = |kind: &str, place: &str, text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr/><p:nvPr><p:ph type='{kind}'/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let first = slide("", &[
        shape("title", "", "First"),
        shape("body", "", "point"),
        shape("sldNum", "", "1"),
        "<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>x</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>y</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>".into(),
    ].concat());
    let beside = "<a:xfrm><a:off x='2000' y='0'/><a:ext cx='10' cy='10'/></a:xfrm>";
    let second = slide("show='0'", &shape("title", "", "Second"));
    let third = slide("", &shape("subTitle", beside, "outside"));
    let notes = slide("", &shape("body", "", "Say hello."));
    let relations = "<Relationships><Relationship Id='n' Type='x/notesSlide' Target='notes.xml'/></Relationships>";
    let main = "<p:presentation><p:sldIdLst><p:sldId id='1' r:id='b'/><p:sldId id='2' r:id='a'/><p:sldId id='3' r:id='c'/></p:sldIdLst><p:sldSz cx='1000' cy='1000'/></p:presentation>";
    let file = office(
        "presentationml.presentation",
        "ppt/presentation.xml",
        main,
        &[
            ("a slide second.xml", &second),
            ("b slide first.xml", &first),
            ("c slide third.xml", &third),
            ("notes.xml", &notes),
            ("_rels/first.xml.rels", relations),
        ],
    );
    let document = read("a.pptx", &file);
    let texts: Vec<_> = document.pages.iter().map(|page| page.text.as_str()).collect();
    let table = "| x | y |\n| --- | --- |";
    assert_eq!(document.kind, Kind::Slide);
    assert_eq!(
        texts,
        [&format!("# First\n\n- point\n\n{table}\n\nNotes:\n\nSay hello."), "# Second", "outside"]
    );
    assert_eq!(hidden(&document), ["Second", "outside"]);
}

fn xlsx(rows: &str, columns: &str) -> Vec<u8> {
    let main = "<workbook><sheets><sheet name='Costs' sheetId='1' r:id='s'/><sheet name='Secret' sheetId='2' state='hidden' r:id='h'/></sheets></workbook>";
    let sheet =
        format!("<worksheet><cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>");
    let secret =
        "<worksheet><sheetData><row r='1'><c r='A1'><v>7</v></c></row></sheetData></worksheet>";
    office(
        "spreadsheetml.sheet",
        "xl/workbook.xml",
        main,
        &[("s worksheet sheet1.xml", &sheet), ("h worksheet sheet2.xml", secret)],
    )
}

#[test]
fn sheets_are_tables_and_their_hidden_rows_are_hidden() {
    let rows = "<row r='1'><c r='B1' t='inlineStr'><is><t>Name</t></is></c><c r='D1' t='inlineStr'><is><t>Sum</t></is></c><c r='E1'><v>5</v></c></row>\
        <row r='3' hidden='1'><c r='B3' t='b'><v>1</v></c><c r='D3'><v>0.30000000000000004</v></c></row>";
    let document = read("a.xlsx", &xlsx(rows, "<col min='5' max='5' hidden='1'/>"));
    assert_eq!(document.kind, Kind::Sheet);
    assert_eq!(document.pages[0].name.as_deref(), Some("Costs"));
    assert_eq!(document.pages[0].text, "| Name | Sum | 5 |\n| --- | --- | --- |\n| TRUE | 0.3 |");
    assert_eq!(hidden(&document), ["5", "TRUE", "0.3", "7"]);
}

#[test]
fn a_sheet_of_more_rows_than_are_read_is_cut_short() {
    let mut rows = String::new();
    for row in 1..=60_000 {
        rows.push_str(&format!("<row r='{row}'><c r='A{row}'><v>{row}</v></c></row>"));
    }
    let document = read("a.xlsx", &xlsx(&rows, ""));
    assert_eq!(document.notes, [Note::CutShort { read: 50_000 }]);
    // A table of one column is no table, and each value a paragraph.
    assert!(document.pages[0].text.ends_with("50000"));
}

#[test]
fn open_document_texts() {
    let styles = "<style:style style:name='Gone'><style:text-properties text:display='none'/></style:style>\
        <style:style style:name='Under' style:parent-style-name='Gone'/>\
        <style:style style:name='White'><style:text-properties fo:color='#ffffff'/></style:style>\
        <text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1'/><text:list-level-style-bullet text:level='2'/></text:list-style>";
    let body = "<office:text><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>\
        <text:h text:outline-level='2'>Title</text:h>\
        <text:p>one<text:s text:c='2'/>two\n   three<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation><text:note-body><text:p>below</text:p></text:note-body></text:note></text:p>\
        <text:list text:style-name='L'><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>c</text:p></text:list-item></text:list>\
        <text:p text:style-name='Under'>unseen</text:p><text:p><text:span text:style-name='White'>white</text:span></text:p>\
        <table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table></office:text>";
    let document = read("a.odt", &odf("text", styles, body));
    let expected = "## Title\n\none  two three[^1]\n\n1. a\n    - b\n2. c\n\nunseen\n\nwhite\n\n| x | y |\n| --- | --- |\n\n[^1]: below";
    assert_eq!(document.pages[0].text, expected);
    assert_eq!(hidden(&document), ["unseen", "white"]);
}

#[test]
fn open_document_slides() {
    let styles = "<style:style style:name='H'><style:drawing-page-properties presentation:visibility='hidden'/></style:style>";
    let body = "<office:presentation><draw:page draw:name='p1'><draw:frame presentation:class='title'><draw:text-box><text:p>Top</text:p></draw:text-box></draw:frame>\
        <draw:frame><draw:text-box><text:p>body</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>said</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>\
        <draw:page draw:style-name='H'><draw:frame><draw:text-box><text:p>back</text:p></draw:text-box></draw:frame></draw:page></office:presentation>";
    let document = read("a.odp", &odf("presentation", styles, body));
    let texts: Vec<_> = document.pages.iter().map(|page| page.text.as_str()).collect();
    assert_eq!(document.kind, Kind::Slide);
    assert_eq!(texts, ["# Top\n\nbody\n\nNotes:\n\nsaid", "back"]);
    assert_eq!(hidden(&document), ["back"]);
}

#[test]
fn chapters_come_in_the_order_of_the_spine() {
    let container =
        "<container><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></container>";
    let package = "<package><manifest><item id='a' href='one%20a.xhtml'/><item id='b' href='two.xhtml'/></manifest><spine><itemref idref='b'/><itemref idref='a'/></spine></package>";
    let file = archive(&[
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("OPS/book.opf", package),
        (
            "OPS/one a.xhtml",
            "<html><head><title>Book</title></head><body><p>Last.</p></body></html>",
        ),
        ("OPS/two.xhtml", "<html><body><h1>Chapter *1*</h1><p>First.</p></body></html>"),
    ]);
    let document = read("a.epub", &file);
    let pages: Vec<_> =
        document.pages.iter().map(|p| (p.name.as_deref(), p.text.as_str())).collect();
    assert_eq!(document.kind, Kind::Section);
    assert_eq!(
        pages,
        [(Some("Chapter *1*"), "# Chapter \\*1\\*\n\nFirst."), (Some("Book"), "Last.")]
    );
}

#[test]
fn an_office_file_opens_with_its_password_alone() {
    let data = include_bytes!("encrypted.docx");
    let open = |password| documents::read(&documents::Reading { name: "a.docx", data, password });
    assert_eq!(open(Some("Sésame")).unwrap().text(), "Only with the password.");
    assert_eq!(open(Some("Sesame")), Err(ReadError::WrongPassword));
    assert_eq!(open(None), Err(ReadError::PasswordNeeded));
}
