//! Sentences as people write them, with slots; and sentences that hold nothing but look so.

use super::random::Random;
use super::{numbers, secrets};

/// The organisation's list of people.
pub(super) const PEOPLE: [&str; 24] = [
    "Jeanne Moreau",
    "Paul-Louis Géraud",
    "Éléonore d'Aubigné",
    "Mathieu Lefèvre",
    "Aïcha Benali",
    "Nguyễn Văn An",
    "John O'Brien",
    "Mary-Ann Whitfield",
    "Søren Kjær",
    "Zoë Hartmann",
    "Lucía Peña",
    "Karim Haddad",
    "Wei Zhang",
    "Anastasia Petrova",
    "Thomas Le Goff",
    "Marie-Thérèse Blanchet",
    "Rose Martin",
    "Pierre Petit",
    "Grace Hope",
    "Will Power",
    "Olga Novák",
    "Ingrid Ødegård",
    "François Ménard",
    "Abdoulaye Traoré",
];

/// The organisation's list of words.
pub(super) const PROJECTS: [&str; 6] = [
    "Projet Hélios",
    "Opération Mistral",
    "Bluebird",
    "Acquisition Talos",
    "Plan Garance",
    "Nightjar Phase II",
];

/// What fills a slot: the kind that it is labelled as, and its value.
fn filled(slot: &str, r: &mut Random) -> String {
    let (kind, value) = match slot {
        "card" => ("card", numbers::card(r)),
        "iban" => ("iban", numbers::iban(r)),
        "nir" => ("nir", numbers::nir(r)),
        "siret" => ("siret", numbers::siret(r)),
        "siren" => ("siret", numbers::siren_spaced(r)),
        "ssn" => ("ssn", numbers::ssn(r)),
        "ssn_bare" => ("ssn", numbers::ssn_bare(r)),
        "ein" => ("ein", numbers::ein(r)),
        "passport" => ("passport", numbers::passport(r)),
        "zone" => {
            let (first, second) = numbers::zone(r);
            return format!("⟦passport|{first}⟧\n⟦passport|{second}⟧");
        }
        "licence_fr" => ("driving_licence", numbers::licence_french(r)),
        "licence_us" => ("driving_licence", numbers::licence_american(r)),
        "email" => ("email", numbers::email(r)),
        "phone_fr" => ("telephone", numbers::telephone_french(r)),
        "phone_us" => ("telephone", numbers::telephone_american(r)),
        "phone_intl" => ("telephone", numbers::telephone_international(r)),
        "ip" => ("ip_address", numbers::ip(r)),
        "token" => ("secret", secrets::token(r)),
        "value" => ("secret", secrets::value(r)),
        "value_url" => ("secret", secrets::value(r).replace(['/', '+', '#', '%'], "x")),
        "key" => ("private_key", secrets::private_key(r)),
        "person" => ("name", person(r)),
        "project" => {
            let name = r.pick(&PROJECTS);
            ("word", if r.within(0, 3) == 0 { name.to_uppercase() } else { name.to_owned() })
        }
        "file" => ("pattern", format!("DOS-20{:02}-{}", r.within(10, 27), r.digits(5))),
        "date" => {
            return format!(
                "{:02}/{:02}/{}",
                r.within(1, 29),
                r.within(1, 13),
                r.within(1990, 2031)
            );
        }
        "n1" => return r.within(1, 10).to_string(),
        "n2" => return r.within(10, 100).to_string(),
        "n3" => return r.within(100, 1000).to_string(),
        "n5" => return r.within(10_000, 100_000).to_string(),
        "n6" => return r.within(100_000, 1_000_000).to_string(),
        "d7" => return r.digits(7),
        "d8" => return r.digits(8),
        "d9" => return r.digits(9),
        "d10" => return format!("{}{}", r.within(2, 10), r.digits(9)),
        "d12" => return format!("{}{}", r.within(1, 10), r.digits(11)),
        "d13" => return format!("978{}", r.digits(10)),
        "hex8" => return secrets::hex(r, 8),
        "hex40" => return secrets::hex(r, 40),
        other => return format!("{{{other}}}"),
    };
    format!("⟦{kind}|{value}⟧")
}

/// A person of the list, written as lists, signatures and letters do.
fn person(r: &mut Random) -> String {
    let name = r.pick(&PEOPLE);
    match r.within(0, 7) {
        0 => name.to_uppercase(),
        1 => match name.rsplit_once(' ') {
            Some((first, last)) => format!("{} {first}", last.to_uppercase()),
            None => name.to_owned(),
        },
        2 => name.replace('é', "e").replace('É', "E").replace('ï', "i"),
        3 => name.replace(' ', "\u{a0}"),
        _ => name.to_owned(),
    }
}

fn fill(template: &str, r: &mut Random) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after.split_once('}') {
            Some((slot, after)) => {
                text.push_str(&filled(slot, r));
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text + rest
}

/// All sentences, with what is to be found in them marked.
pub(super) fn all(r: &mut Random) -> Vec<String> {
    let mut all = Vec::new();
    for template in HOLDING {
        all.extend((0..14).map(|_| fill(template, r)));
    }
    for template in HARD {
        all.extend((0..8).map(|_| fill(template, r)));
    }
    for template in MARKED {
        all.push(fill(template, r));
        all.push(format!(
            "{}\n{}",
            fill(template, r),
            r.pick(&["Note au cabinet.", "Background paper.", "1. Objet"])
        ));
    }
    for template in NOTHING {
        all.extend((0..14).map(|_| fill(template, r)));
    }
    all
}

/// Sentences that hold something.
const HOLDING: &[&str] = &[
    // Accounts.
    "Merci de virer les {n3} € sur le compte {iban} avant le {date}.",
    "Please wire the balance to {iban}, reference {n6}.",
    "IBAN : {iban}\nBIC : AGRIFRPP882",
    "Name;Account;Amount\nDurand;{iban};{n3},00",
    "The old account ({iban}) was closed in {n2} days.",
    "{\"iban\": \"{iban}\", \"currency\": \"EUR\"}",
    "Nouveau RIB de l'association:{iban}.",
    // Cards.
    "Ma carte {card} expire en 09/27.",
    "Charge card {card}, CVV {n3}, please.",
    "La cliente a donné son numéro de carte bancaire : {card}. Il faut l'annuler.",
    "| card | {card} | exp 12/29 |",
    "She paid with {card} on {date}.",
    "numéro={card}&montant={n2}",
    // NIR.
    "Mon numéro de sécurité sociale est le {nir}.",
    "L'assurée, NIR {nir}, demande un remboursement de {n2} €.",
    "Patient né le {date}, {nir}, hospitalisé hier.",
    "Nom: Durand\nN° SS: {nir}\nMutuelle: MGEN",
    "The employee's French social security number ({nir}) must not be shared.",
    // SIRET.
    "L'entreprise (SIRET {siret}) a répondu à l'appel d'offres.",
    "Établissement {siret}, situé à Lyon.",
    "SIREN : {siren}, capital de {n5} euros",
    "Société au capital de {n5} €, RCS Nanterre {siren}.",
    "The supplier's SIRET number is {siret}.",
    "siret,nom\n{siret},Boulangerie Martin",
    // SSN and EIN.
    "My SSN is {ssn}, can you fill in the form?",
    "Applicant: John Doe, {ssn}, born {date}.",
    "Social Security number: {ssn_bare}",
    "ssn={ssn_bare}; dob={date}",
    "L'employé américain a le numéro {ssn} (Social Security).",
    "Our EIN is {ein}.",
    "Employer identification number {ein}, form W-9 attached.",
    "Filed under {ein} with the IRS on {date}.",
    "Le numéro fiscal de la filiale (EIN) : {ein}",
    // Passports and licences.
    "Mon passeport n° {passport} expire le {date}.",
    "Passport number: {passport}, issued in Boston.",
    "Numéro de passeport : {passport}",
    "The traveller holds passport {passport} and a visa.",
    "Le passeport de l'intéressée, délivré à Lille, porte le numéro {passport}.",
    "Voici la zone de lecture :\n{zone}\nMerci.",
    "MRZ:\n{zone}",
    "Permis de conduire n° {licence_fr}, catégorie B.",
    "Le conducteur a présenté son permis ({licence_fr}).",
    "Numéro du permis : {licence_fr}",
    "Driver's license: {licence_us}",
    "Her driver license number is {licence_us}, issued in Illinois.",
    "Driving licence no. {licence_us}",
    // E-mail.
    "Écrivez à {email} pour toute question.",
    "Contact me at {email}.",
    "From: Jane <{email}>\nSubject: hello",
    "{email};{email}",
    "mailto:{email}?subject=Bonjour",
    "« {email} » est l'adresse du service",
    // Telephones.
    "Appelez-moi au {phone_fr} avant midi.",
    "Tél. : {phone_fr}\nFax : {phone_fr}",
    "Son portable, c'est le {phone_fr}.",
    "{phone_fr} (standard), poste {n3}",
    "Joignable entre 9 h et 12 h: {phone_fr}",
    "Call me at {phone_us} tomorrow.",
    "Office: {phone_us}, ext. {n3}",
    "My number's {phone_us}.",
    "Reach the hotline ({phone_us}) at any time.",
    "The London office is on {phone_intl}.",
    "Le bureau à l'étranger répond au {phone_intl} en semaine.",
    // Addresses.
    "Le serveur {ip} ne répond plus depuis le {date}.",
    "ssh admin@{ip}",
    "Failed password for root from {ip} port {n5} ssh2",
    "Our gateway is {ip} and it blocks the port.",
    "{ip} - - [12/Mar/2026:10:15:32 +0100] \"GET / HTTP/1.1\" 200 {n5}",
    // Secrets.
    "export API_TOKEN={token}",
    "Voici ma clé : {token} — pourquoi est-elle refusée ?",
    "curl -H \"Authorization: Bearer {token}\" https://api.example.com",
    "The key {token} stopped working yesterday.",
    "{\"key\": \"{token}\"}",
    "password = \"{value}\"",
    "DB_PASSWORD={value}",
    "api_key: '{value}'",
    "client_secret = \"{value}\"",
    "Mot de passe : {value}",
    "postgres://app:{value_url}@db.example.com:5432/prod",
    "Why does this key fail?\n{key}\n",
    "private_key: \"{key}\"",
    // Names, words, references.
    "{person} a demandé un congé du {date} au {date}.",
    "Please summarise what {person} told the committee.",
    "Compte rendu de l'entretien avec {person}, agent depuis {n2} mois.",
    "Signed: {person}",
    "M. {person}, chef de service",
    "{person}'s file was transferred.",
    "Le budget de « {project} » est dépassé.",
    "What is the status of {project}?",
    "Dossier {file} : pièces manquantes.",
    "See {file} and answer by {date}.",
];

/// Sentences that are hard: odd spacing, no word that announces, several things at once.
const HARD: &[&str] = &[
    "il faut rappeler {person} au {phone_fr} et lui envoyer le rib {iban} merci",
    "Hi {person}, my new number is {phone_us} and my mail {email}; cheers",
    "CARTE\n{card}\n{date}",
    "nir:{nir};siret:{siret};iban:{iban}",
    "a/ {ssn} b/ {ein} c/ {card}",
    "passeport perdu à Rome il y a {n2} jours ({passport}), que faire ?",
    "PASSEPORT\n{passport}",
    "Her passport was stolen. The number was {passport}.",
    "licence du conducteur, n° de permis B obtenu en 2014 à Dijon : {licence_fr}",
    "DL# {licence_us} (driver)",
    "le mdp c'est {value}, ne le dites à personne",
    "the wifi password is {value}",
    "login: admin / password: {value}",
    "secret={token}&user={email}",
    "Serveurs : {ip}, {ip} et {ip}.",
    "{phone_fr} / {phone_fr}",
    "tel:{phone_intl}",
    "N'écrivez plus à {email}, mais à {email}",
    "social {ssn} for {person}",
    "RIB de {person} {iban} / carte {card}",
];

/// Sentences and headings that bear a marking; each stands by itself and as a heading.
const MARKED: &[&str] = &[
    "⟦marking|DIFFUSION RESTREINTE⟧",
    "Ce rapport porte la mention ⟦marking|DIFFUSION RESTREINTE⟧ et ne doit pas sortir.",
    "⟦marking|TRÈS SECRET⟧",
    "Document classifié ⟦marking|SECRET⟧ au sens de l'IGI 1300.",
    "**⟦marking|SECRET⟧**",
    "⟦marking|CONFIDENTIEL DÉFENSE⟧",
    "- ⟦marking|SPÉCIAL FRANCE⟧ -",
    "Niveau : ⟦marking|SECRET⟧",
    "Mention : ⟦marking|Diffusion Restreinte⟧",
    "⟦marking|CUI⟧",
    "⟦marking|CUI//SP-PRVCY⟧",
    "⟦marking|CUI//SP-CTI//NOFORN⟧",
    "This attachment is marked ⟦marking|CUI⟧ and must stay internal.",
    "Classification: ⟦marking|TOP SECRET⟧",
    "⟦marking|TOP SECRET//SI//NOFORN⟧",
    "⟦marking|SECRET//NOFORN⟧",
    "(⟦marking|CUI⟧) The contractor shall provide drawings.",
    "⟦marking|CONFIDENTIAL⟧",
    "# ⟦marking|CONFIDENTIEL⟧",
    "⟦marking|NATO RESTRICTED⟧",
    "⟦marking|RESTREINT UE⟧",
    "The annex is classified ⟦marking|NATO SECRET⟧ until 2040.",
    "⟦marking|FOR OFFICIAL USE ONLY⟧",
    "⟦marking|OFFICIAL-SENSITIVE⟧",
    "=== ⟦marking|SECRET⟧ ===",
    "Page 3 of 12 — ⟦marking|NOFORN⟧",
];

/// Sentences that hold nothing.
const NOTHING: &[&str] = &[
    "La commande {d12} a été expédiée le {date}.",
    "Order {d10} shipped in {n1} days.",
    "Invoice no. 12-{d7} is due on {date}.",
    "Facture 2026-{n5} : {n3},{n2} € TTC",
    "Le montant s'élève à 1 234 567,89 € dont {n2} % de TVA.",
    "It costs $1,299.00, or $108.25 a month for {n2} months.",
    "ISBN {d13}, {n3} pages",
    "ISBN 978-2-07-036822-8, Gallimard, 1971.",
    "commit {hex40}\nAuthor: nobody",
    "sha1: {hex40}",
    "Version 10.20.30.40 fixes the defect.",
    "Upgrade to v2.14.1 or 3.0.0-rc.2 before {date}.",
    "Voir la section 4.1.2.3 du règlement.",
    "Between 2019-03-01 and 2024-11-30 there were {n3} cases.",
    "Réunion le 12/03/2026 à 14:30:00, salle {n3}.",
    "Les résultats : 12 15 18 22 31 44 57 63.",
    "Coordinates 48.8566, 2.3522 and 40.7128, -74.0060",
    "Ligne 12, colonne 345, valeur 6789.",
    "The tracking number is 1Z999AA1{d10}.",
    "Numéro de suivi du colis : {d12}",
    "GET /api/v2/users/{n6}?page={n2}",
    "logo@2x.png and logo@3x.png are in the folder",
    "npm install lodash@4.17.21 react@18.2.0",
    "@moreau, peux-tu relire ? cc @equipe-rh",
    "git clone git@github.com:example/project.git",
    "std::vec::Vec and a::b are paths, 12:30:45 is a time.",
    "The password must have 12 characters and a digit.",
    "Le mot de passe est expiré depuis {n2} jours.",
    "password: ${DB_PASSWORD}",
    "token = os.environ[\"API_TOKEN\"]",
    "api_key = \"YOUR_API_KEY_HERE\"",
    "const secret = config.get('secret.name');",
    "The token count is 128000 and the limit 200000.",
    "Keep it secret: the party is on {date}.",
    "C'est un secret de famille, une recette confidentielle.",
    "Cette lettre a une diffusion restreinte aux adhérents.",
    "The confidential annex is restricted to members.",
    "THE SECRET GARDEN IS A NOVEL OF 1911",
    "SECRET_KEY_BASE is read from the environment.",
    "Le passeport est un document de voyage; il faut compter {n2} jours.",
    "My passport expires on {date}; order {d9} is for the new cover.",
    "Passez votre permis en {n2} heures de conduite.",
    "The driver was updated to 531.{n2} on {date}.",
    "driver version 470.{n3}.02 crashes",
    "Rose et Martin ont mangé un petit gâteau, Pierre aussi.",
    "Where there is a will, there is power; hope is a grace.",
    "The blue bird sang; the project is about helium.",
    "Article L. 121-1 du code, alinéa {n1}, paragraphe {n2}.",
    "Loi n° 78-17 du 6 janvier 1978, décret n° 2019-536.",
    "RFC 8252, ISO 13616 and NIST SP 800-53 are cited.",
    "Masque 255.255.255.0, boucle locale 127.0.0.1.",
    "UUID 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "ratio 0.0612345678 and pi 3.14159265358979",
    "Le numéro {d8} est celui du dossier; il reste {n2} pièces.",
    "Immatriculation AB-123-CD, kilométrage {n6}.",
    "SKU 4006381333931, EAN 3017620422003",
    "20240115123059.log, 20260301080000.log",
    "A = [1234, 5678, 9012, 3456, 7890]",
    "Population : 67 390 000 habitants; 2 148 271 à Paris.",
    "Budget 2026: 4111 k€, 5500 k€, 3782 k€.",
    "IMEI 353879234252633, modèle {n5}",
    "DOI 10.1000/182 and arXiv:2301.12345",
    "The serial number is SN-{d9}.",
    "color: #1a2b3c; background: #{hex8}",
    "The file is {n6} bytes, {n3} lines.",
    "Le tirage : 06 12 18 24 33 41 numéro chance 7",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----",
    "https://example.com/a/b?id={n6}&t={hex8}",
    "FR est le code de la France, DE celui de l'Allemagne, GB{n2}.",
    "Phase 2 : {n2} sites; phase 3 : {n2} sites.",
    "DOS-{n3} was a product; DOS 6.22 too.",
];
