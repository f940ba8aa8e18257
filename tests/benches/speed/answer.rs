//! A long answer as models write them: prose, lists, tables, and two fifths of it code.

/// At least this many bytes of Markdown, always the same.
pub fn answer(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 4096);
    let mut section = 0_usize;
    while text.len() < bytes {
        section += 1;
        prose(&mut text, section);
        table(&mut text, section);
        code(&mut text, section);
    }
    text
}

fn prose(text: &mut String, section: usize) {
    text.push_str(&format!("## {section}. Les délais de traitement\n\n"));
    for n in 0..4 {
        text.push_str(&format!(
            "Le dossier **n° {section}-{n}** relève de l'[article {n}](https://example.org/a/{n}) du \
             règlement ; l'agent vérifie *chaque pièce* avant le `{n}` du mois, puis informe \
             l'usager de la décision motivée. The same rule holds for requests that arrive by \
             post, with ~~five~~ ten working days instead.\n\n"
        ));
    }
    for n in 0..5 {
        text.push_str(&format!("- la pièce {n}, en deux exemplaires signés ;\n"));
    }
    text.push('\n');
}

fn table(text: &mut String, section: usize) {
    text.push_str("| Service | Demandes | Délai moyen |\n|:--|--:|:-:|\n");
    for n in 0..8 {
        text.push_str(&format!("| Bureau {n} | {} | {} jours |\n", section * 37 + n * 11, n + 3));
    }
    text.push('\n');
}

fn code(text: &mut String, section: usize) {
    const LANGUAGES: [(&str, &str); 3] = [
        ("rust", "    let total_N = rows.iter().map(|row| row.count).sum::<u64>(); // N\n"),
        ("python", "    total_N = sum(row[\"count\"] for row in rows)  # N\n"),
        (
            "typescript",
            "  const totalN: number = rows.reduce((sum, row) => sum + row.count, 0); // N\n",
        ),
    ];
    let (language, line) = LANGUAGES[section % LANGUAGES.len()];
    text.push_str(&format!("```{language}\n"));
    for n in 0..24 {
        text.push_str(&line.replace('N', &n.to_string()));
    }
    text.push_str("```\n\n");
}

/// The share of the text that lies between code fences.
pub fn code_share(text: &str) -> f64 {
    let within: usize = text.split("```").skip(1).step_by(2).map(str::len).sum();
    within as f64 / text.len() as f64
}
