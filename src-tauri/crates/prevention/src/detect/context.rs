//! What the words before something say of it.

use super::{behind, once};

/// Bytes before a number in which words are looked at.
const REACH: usize = 48;

/// Whether the words just before a place say that a number of another sort follows: an order, an
/// invoice, a part, a version.
pub(super) fn is_reference(text: &str, at: usize) -> bool {
    let words = once!(
        r"(?i)\b(?:order|invoice|ticket|tracking|part|item|model|serial|sku|batch|lot|case|quote|issue|isbn|ean|gtin|issn|doi|version|build|release|commande|facture|colis|suivi|article|r[ée]f[ée]rence|r[ée]f|dossier|devis|s[ée]rie|mod[èe]le|bon de livraison|num[ée]ro de client)\b(?:[Nn]os?\.|[^.;\n]){0,24}$"
    );
    words.is_match(behind(text, at, REACH))
}

pub(super) fn is_telephone(text: &str, at: usize) -> bool {
    once!(r"(?i)\b(?:tel|t[ée]l[ée]?(?:phone)?s?|phones?|call|calling|mobile|cell|fax|portable|appele[rz]|joindre|joignable|sms|text|reach|dial|whatsapp|num[ée]ro|standard|ligne)\b[^;\n]{0,32}$")
        .is_match(behind(text, at, REACH))
}

pub(super) fn is_company(text: &str, at: usize) -> bool {
    once!(r"(?i)\b(?:siren|siret|rcs|r\.c\.s\.?|tva|insee|sirene)\b[^;\n]{0,32}$")
        .is_match(behind(text, at, REACH))
}

pub(super) fn is_nir(text: &str, at: usize) -> bool {
    once!(r"(?i)\b(?:nir|s[ée]cu|s[ée]curit[ée] sociale|assur[ée]e?|insee|ss|carte vitale)\b[^;\n]{0,32}$")
        .is_match(behind(text, at, REACH))
}

pub(super) fn is_ssn(text: &str, at: usize) -> bool {
    once!(r"(?i)\b(?:ssn|ss ?#|social[ -]security|soc\.? ?sec)[^;\n]{0,32}$")
        .is_match(behind(text, at, REACH))
}

pub(super) fn is_ein(text: &str, at: usize) -> bool {
    once!(r"(?i)\b(?:f?ein|employer id|tax(?:payer)? id|employer identification|federal id|irs)[^;\n]{0,32}$")
        .is_match(behind(text, at, REACH))
}

pub(super) fn is_address(text: &str, at: usize) -> bool {
    once!(r"(?i)\b(?:ip|ipv4|addr|address|adresse|host|h[ôo]te|server|serveur|ping|dns|gateway|passerelle|proxy|subnet|ssh|curl|from|client)\b[^;\n]{0,32}$")
        .is_match(behind(text, at, REACH))
}

/// Whether a number with three dots is one of a version or a section.
pub(super) fn is_version(text: &str, at: usize) -> bool {
    once!(r"(?i)(?:\bv|\bversion|\bver\.?|\brelease|\bbuild|\bfirmware|\bsection|\bchapter|\bchapitre|\barticle|\bannexe|\bparagraphe?|§|\bupgrade[ds]?|\bdriver|\bpatch|\bassembly)[^;\n]{0,20}$")
        .is_match(behind(text, at, REACH))
}
