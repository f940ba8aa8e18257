//! What was measured, beside what is to be reached.

/// One line of the table.
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The measured value, with its unit.
    pub measured: String,
    /// What is to be reached.
    pub goal: String,
    /// Whether it was reached.
    pub met: bool,
}

/// Prints the rows in columns.
pub fn print(rows: &[Row]) {
    let width = |column: fn(&Row) -> &str| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0)
    };
    let (what, measured) = (width(|r| &r.what), width(|r| &r.measured));
    for row in rows {
        let verdict = if row.met { "met    " } else { "NOT MET" };
        println!("{verdict}  {:what$}  {:>measured$}  goal: {}", row.what, row.measured, row.goal);
    }
}
