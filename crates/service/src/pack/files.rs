//! The files of a pack as they are written: line by line, counted and hashed on the way.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The files of lines, all of them there even when empty.
const LINES: [&str; 21] = [
    "achievements",
    "actual-values",
    "adjustments",
    "audit-entries",
    "declarations",
    "departments",
    "documents",
    "evidence",
    "finding-notes",
    "findings",
    "indicators",
    "jurisdictions",
    "listed-findings",
    "publications",
    "rectifications",
    "reports",
    "results",
    "reviews",
    "schemes",
    "snapshots",
    "versions",
];
/// Name of the list of hashes; every file but itself and the manifest is in it.
const SUMS: &str = "SHA256SUMS";
/// Name of the manifest.
const MANIFEST: &str = "MANIFEST.json";

/// A file being written.
struct Sink {
    out: BufWriter<File>,
    hash: Sha256,
    lines: u64,
}

/// The files of a pack in their folder.
pub(super) struct Files {
    directory: PathBuf,
    sinks: BTreeMap<&'static str, Sink>,
    /// Hashes of the files that are not lines.
    sums: BTreeMap<String, String>,
}

/// What was written.
pub(super) struct Written {
    /// Lines of each file of lines.
    pub(super) lines: BTreeMap<String, u64>,
    /// SHA-256 of the list of hashes, hex.
    pub(super) sums_sha256: String,
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Files {
    /// Begins the files in a folder, which is made when it is not there and must be empty.
    pub(super) fn begin(directory: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory.join("schemes"))?;
        let mut sinks = BTreeMap::new();
        for name in LINES {
            let file = File::create_new(directory.join(format!("{name}.ndjson")))?;
            sinks.insert(name, Sink { out: BufWriter::with_capacity(1 << 16, file), hash: Sha256::new(), lines: 0 });
        }
        Ok(Self { directory: directory.to_path_buf(), sinks, sums: BTreeMap::new() })
    }

    /// Adds a line to a file of lines; the text holds no line break, as JSON never does.
    pub(super) fn line(&mut self, name: &'static str, text: &str) -> anyhow::Result<()> {
        let sink = self.sinks.get_mut(name).ok_or_else(|| anyhow::anyhow!("a pack has no file {name}"))?;
        for bytes in [text.as_bytes(), b"\n"] {
            sink.out.write_all(bytes)?;
            sink.hash.update(bytes);
        }
        sink.lines += 1;
        Ok(())
    }

    /// Adds a line.
    pub(super) fn row(&mut self, name: &'static str, row: &impl Serialize) -> anyhow::Result<()> {
        self.line(name, &serde_json::to_string(row)?)
    }

    /// Writes a whole file.
    pub(super) fn whole(&mut self, name: String, bytes: &[u8]) -> anyhow::Result<()> {
        File::create_new(self.directory.join(&name))?.write_all(bytes)?;
        let mut hash = Sha256::new();
        hash.update(bytes);
        self.sums.insert(name, hex(hash));
        Ok(())
    }

    /// Ends the files and writes the list of their hashes, as `sha256sum --check` reads it.
    pub(super) fn finish(mut self) -> anyhow::Result<Written> {
        let mut lines = BTreeMap::new();
        for (name, mut sink) in self.sinks {
            sink.out.flush()?;
            let name = format!("{name}.ndjson");
            self.sums.insert(name.clone(), hex(sink.hash));
            lines.insert(name, sink.lines);
        }
        let sums: String = self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        File::create_new(self.directory.join(SUMS))?.write_all(sums.as_bytes())?;
        Ok(Written { lines, sums_sha256: crate::audit::sha256(sums.as_bytes()) })
    }
}

/// Writes the manifest, the last file; gives its SHA-256, hex.
pub(super) fn write_manifest(directory: &Path, manifest: &impl Serialize) -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(manifest)? + "\n";
    File::create_new(directory.join(MANIFEST))?.write_all(text.as_bytes())?;
    Ok(crate::audit::sha256(text.as_bytes()))
}

/// Packs the files of a folder, in order and without their times, so that the same pack gives the same bytes.
pub(super) fn zip(directory: &Path, out: File) -> anyhow::Result<File> {
    let mut names = vec![MANIFEST.to_owned(), SUMS.to_owned()];
    names.extend(LINES.map(|name| format!("{name}.ndjson")));
    let schemes = std::fs::read_dir(directory.join("schemes"))?;
    let mut schemes: Vec<String> = schemes
        .map(|entry| Ok(format!("schemes/{}", entry?.file_name().to_string_lossy())))
        .collect::<io::Result<_>>()?;
    schemes.sort_unstable();
    names.extend(schemes);
    let mut zip = ZipWriter::new(out);
    let mut chunk = vec![0; 1 << 16];
    for name in names {
        let mut file = File::open(directory.join(&name))?;
        // The sizes of a file of 4 GiB and more have to be announced.
        let large = file.metadata()?.len() >= u64::from(u32::MAX);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .large_file(large);
        zip.start_file(name, options)?;
        loop {
            let read = file.read(&mut chunk)?;
            if read == 0 {
                break;
            }
            zip.write_all(chunk.get(..read).unwrap_or_default())?;
        }
    }
    Ok(zip.finish()?)
}
