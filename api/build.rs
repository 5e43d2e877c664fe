//! Tells cargo that the built dashboard is part of the program. A build without npm has an empty folder, and shows a
//! page that says so.

fn main() -> std::io::Result<()> {
    let dist = "../web/dist";
    // cargo takes what is missing for changed, and would build this crate anew each time.
    std::fs::create_dir_all(dist)?;
    println!("cargo:rerun-if-changed={dist}");
    Ok(())
}
