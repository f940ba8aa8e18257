#!/usr/bin/env python3
"""Makes the files of this folder, which the tests translate.

    python3 make.py

Needed only to change them: LibreOffice makes what is written here as Flat OpenDocument (a report, a
few slides, a table) in its own format and in that of Office; this script itself writes what Word
makes and LibreOffice does not.
"""

import pathlib
import subprocess
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent

# A red dot.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="

SPACES = """
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3" """

REPORT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {SPACES} office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles>
 <style:style style:name="Standard" style:family="paragraph"><style:text-properties style:font-name="DejaVu Sans" fo:font-size="11pt" fo:language="en" fo:country="GB"/></style:style>
</office:styles>
<office:automatic-styles>
 <style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
 <style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic" fo:color="#0000aa"/></style:style>
 <style:page-layout style:name="L"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
  <style:header-style><style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.5cm"/></style:header-style>
  <style:footer-style><style:header-footer-properties fo:min-height="1cm" fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L">
 <style:header><text:p>Ministry of Works, <text:span text:style-name="I">internal</text:span></text:p></style:header>
 <style:footer><text:p>Page <text:page-number>1</text:page-number> of the report</text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>
 <text:h text:outline-level="1">Report on the <text:span text:style-name="I">bridge</text:span></text:h>
 <text:p>The council met on <text:span text:style-name="B">Monday 12 May 2025</text:span> and approved 1,250.50 euros for
  the <text:span text:style-name="I">northern pier</text:span><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>As the <text:span text:style-name="B">surveyors</text:span> proposed.</text:p></text:note-body></text:note> of the bridge.</text:p>
 <text:p>See <text:a xlink:type="simple" xlink:href="https://works.example/bridge">the plans of the bridge</text:a> or write to <text:span text:style-name="B">{{name}}</text:span> at works@city.example.</text:p>
 <text:p>One<text:tab/>two<text:line-break/>three<office:annotation><dc:creator>A. Clerk</dc:creator><text:p>Is this right?</text:p></office:annotation>.</text:p>
 <text:list><text:list-item><text:p>Repair the railing</text:p></text:list-item><text:list-item><text:p>Paint it <text:span text:style-name="B">green</text:span></text:p></text:list-item></text:list>
 <table:table table:name="Costs"><table:table-column table:number-columns-repeated="2"/>
  <table:table-row><table:table-cell office:value-type="string"><text:p>Work</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell></table:table-row>
  <table:table-row><table:table-cell office:value-type="string"><text:p>Railing &amp; paint</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>480.00</text:p></table:table-cell></table:table-row>
 </table:table>
 <text:p><draw:frame draw:name="dot" text:anchor-type="as-char" svg:width="1cm" svg:height="1cm"><draw:image><office:binary-data>{PNG}</office:binary-data></draw:image><svg:desc>A red dot on the plan</svg:desc></draw:frame> The place.</text:p>
 <text:p>Signed by the secretary.</text:p>
</office:text></office:body></office:document>
"""

SLIDES = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {SPACES} office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:automatic-styles>
 <style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
 <style:page-layout style:name="L"><style:page-layout-properties fo:page-width="28cm" fo:page-height="15.75cm"/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="L"/></office:master-styles>
<office:body><office:presentation>
 <draw:page draw:name="one" draw:master-page-name="Default">
  <draw:frame svg:x="2cm" svg:y="1cm" svg:width="24cm" svg:height="2cm"><draw:text-box><text:p>The bridge in <text:span text:style-name="B">2025</text:span></text:p></draw:text-box></draw:frame>
  <draw:frame svg:x="2cm" svg:y="4cm" svg:width="24cm" svg:height="8cm"><draw:text-box><text:p>Two surveyors found it <text:span text:style-name="B">sound</text:span>.</text:p><text:p>See <text:a xlink:type="simple" xlink:href="https://works.example/">the plans</text:a>.</text:p></draw:text-box></draw:frame>
  <presentation:notes><draw:frame svg:x="2cm" svg:y="14cm" svg:width="16cm" svg:height="8cm" presentation:class="notes"><draw:text-box><text:p>Say who they are.</text:p></draw:text-box></draw:frame></presentation:notes>
 </draw:page>
 <draw:page draw:name="two" draw:master-page-name="Default">
  <draw:frame svg:x="2cm" svg:y="1cm" svg:width="24cm" svg:height="2cm"><draw:text-box><text:p>Thank you</text:p></draw:text-box></draw:frame>
 </draw:page>
</office:presentation></office:body></office:document>
"""

COSTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {SPACES} office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
 <style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>
 <table:table table:name="Costs">
  <table:table-row><table:table-cell office:value-type="string"><text:p>Work</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell></table:table-row>
  <table:table-row><table:table-cell office:value-type="string"><text:p>Railing <text:span text:style-name="B">and paint</text:span></text:p><office:annotation><text:p>Without tax.</text:p></office:annotation></table:table-cell><table:table-cell office:value-type="float" office:value="480"><text:p>480</text:p></table:table-cell></table:table-row>
  <table:table-row><table:table-cell office:value-type="string"><text:p>Northern pier</text:p><text:p>(both sides)</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1250.5"><text:p>1250.5</text:p></table:table-cell></table:table-row>
  <table:table-row><table:table-cell office:value-type="string"><text:p>All of it</text:p></table:table-cell><table:table-cell table:formula="of:=SUM([.B2:.B3])" office:value-type="float" office:value="1730.5"><text:p>1730.5</text:p></table:table-cell></table:table-row>
 </table:table>
</office:spreadsheet></office:body></office:document>
"""

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORD = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"><w:body>
<w:p w:rsidR="00A1"><w:pPr><w:jc w:val="center"/></w:pPr><w:r w:rsidR="00A1"><w:rPr><w:lang w:val="en-GB"/></w:rPr><w:t xml:space="preserve">The lea</w:t></w:r><w:proofErr w:type="spellStart"/><w:r w:rsidR="00A2"><w:t xml:space="preserve">se of the </w:t></w:r><w:bookmarkStart w:id="1" w:name="house"/><w:r><w:rPr><w:b/></w:rPr><w:t>old</w:t></w:r><w:r><w:t xml:space="preserve"> house</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>
<w:p><w:r><w:t xml:space="preserve">It ends </w:t></w:r><w:ins w:id="2" w:author="A"><w:r><w:t>on 31 March</w:t></w:r></w:ins><w:del w:id="3" w:author="A"><w:r><w:delText>in spring</w:delText></w:r></w:del><w:r><w:t xml:space="preserve">, see page </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> and </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> HYPERLINK "https://law.example/" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>the law</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>.</w:t></w:r></w:p>
<w:p><w:commentRangeStart w:id="4"/><w:r><w:t xml:space="preserve">The tenant pays </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>{{{{amount}}}}</w:t></w:r><w:r><w:t xml:space="preserve"> a month</w:t></w:r><w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r><w:r><w:t>, first</w:t><w:tab/><w:t xml:space="preserve">in May</w:t><w:br/><w:t>2025</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r></w:p>
<w:sdt><w:sdtContent><w:p><w:hyperlink w:anchor="house"><w:r><w:t xml:space="preserve">What is let </w:t></w:r><w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF house \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>
<w:p><w:r><w:t xml:space="preserve">Before the box </w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="1800000" cy="500000"/><wp:docPr id="5" name="Box" descr="A box with a note"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1800000" cy="500000"/></a:xfrm><a:prstGeom prst="rect"/></wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>Within the box</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape style="width:140pt;height:40pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>Within the box</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t xml:space="preserve"> and after it</w:t></w:r></w:p>
<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="2000"/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>Rent &amp; charges</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>850.00</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:sectPr><w:headerReference w:type="default" r:id="h"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="600" w:footer="600" w:gutter="0"/></w:sectPr></w:body></w:document>"""

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD_PARTS = {
    "[Content_Types].xml": HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Override PartName="/word/{part}.xml" ContentType="{KIND}{kind}+xml"/>' for part, kind in [("document", "document.main"), ("header1", "header"), ("footnotes", "footnotes"), ("comments", "comments")])
    + "</Types>",
    "_rels/.rels": HEAD + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="d" Type="{RELATION}officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    + "".join(f'<Relationship Id="{id}" Type="{RELATION}{kind}" Target="{part}.xml"/>' for id, kind, part in [("h", "header", "header1"), ("f", "footnotes", "footnotes"), ("c", "comments", "comments")])
    + "</Relationships>",
    "word/document.xml": WORD,
    "word/header1.xml": HEAD + f"<w:hdr {W}><w:p><w:r><w:t>Between the owner and the tenant</w:t></w:r></w:p></w:hdr>",
    "word/footnotes.xml": HEAD + f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> Later if the house is not ready.</w:t></w:r></w:p></w:footnote></w:footnotes>',
    "word/comments.xml": HEAD + f'<w:comments {W}><w:comment w:id="4" w:author="A" w:initials="A"><w:p><w:r><w:annotationRef/></w:r><w:r><w:t>How much is it?</w:t></w:r></w:p></w:comment></w:comments>',
}

FILES = {
    "report.fodt": (REPORT, ["odt", "docx"]),
    "slides.fodp": (SLIDES, ["odp", "pptx"]),
    "costs.fods": (COSTS, ["ods", "xlsx"]),
}


def convert(name, content, kinds):
    """Lets LibreOffice save a flat document in other formats."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / name
        source.write_text(content)
        for kind in kinds:
            profile = f"-env:UserInstallation=file://{folder}/profile"
            subprocess.run(
                ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", HERE, source],
                check=True, capture_output=True,
            )


def main():
    for name, (content, kinds) in FILES.items():
        convert(name, content, kinds)
    with zipfile.ZipFile(HERE / "lease.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in WORD_PARTS.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


main()
