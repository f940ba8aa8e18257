"""Makes encrypted.docx, with another program than the one that is tested: `pip install msoffcrypto-tool`."""

import io
import pathlib
import zipfile

from msoffcrypto.format.ooxml import OOXMLFile

OFFICE = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": f"<Types xmlns='{OFFICE}/package/2006/content-types'><Override PartName='/word/document.xml' "
    "ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>",
    "_rels/.rels": f"<Relationships xmlns='{OFFICE}/package/2006/relationships'><Relationship Id='r' "
    f"Type='{OFFICE}/officeDocument/2006/relationships/officeDocument' Target='word/document.xml'/></Relationships>",
    "word/document.xml": f"<w:document xmlns:w='{OFFICE}/wordprocessingml/2006/main'><w:body><w:p><w:r>"
    "<w:t>Only with the password.</w:t></w:r></w:p></w:body></w:document>",
}

plain = io.BytesIO()
with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in PARTS.items():
        archive.writestr(name, content)
    # The program breaks files of less than a few sectors.
    archive.writestr("docProps/padding", bytes(8192), zipfile.ZIP_STORED)
plain.seek(0)
with pathlib.Path(__file__).with_name("encrypted.docx").open("wb") as file:
    OOXMLFile(plain).encrypt("Sésame", file)
