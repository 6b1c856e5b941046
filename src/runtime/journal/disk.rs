//! What the log asks of a disk. Behind a trait, so that tests can cut the power at any point and see what a restart finds.

use std::fmt::Debug;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FallocateFlags, OFlags};

/// Names in folders.
pub trait Disk: Send + Sync + Debug {
    /// Makes a folder (0700) and its missing parents, and makes each new name durable.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;
    /// Makes a new file (0600) open for appending; fails when the name is taken, also by a link.
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// Opens a file for reading and appending; fails on a symbolic link.
    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// Makes the names in a folder durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    fn exists(&self, path: &Path) -> io::Result<bool>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a file that really occupies `bytes`.
    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()>;
    /// Why locks and syncs may not mean here what they say.
    fn warning(&self, path: &Path) -> Option<String>;
}

/// One open file, written at its end only.
pub trait LogFile: Send + Debug {
    /// Waits until no other open file holds the lock. The system releases it when its holder dies.
    fn lock(&self) -> io::Result<()>;
    fn unlock(&self) -> io::Result<()>;
    fn length(&self) -> io::Result<u64>;
    /// The name still leads to this very file.
    fn is_at(&self, path: &Path) -> io::Result<bool>;
    /// Exactly the bytes from `from` up to `to`.
    fn read(&self, from: u64, to: u64) -> io::Result<Vec<u8>>;
    /// Appends, possibly less than all of `bytes`; says how much.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    fn truncate(&self, len: u64) -> io::Result<()>;
    /// The bytes, and the length needed to read them, are on disk.
    fn sync_data(&self) -> io::Result<()>;
    fn sync_all(&self) -> io::Result<()>;
}

/// The machine's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(dir) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.create_dir(dir.parent().ok_or(error)?)?;
                DirBuilder::new().mode(0o700).create(dir)?;
            }
            made => made?,
        }
        self.sync_dir(parent(dir))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(no_follow().read(true).append(true).create_new(true).mode(0o600).open(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(no_follow().read(true).append(true).open(path)?))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        path.try_exists()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let file = no_follow().write(true).create_new(true).mode(0o600).open(path)?;
        let held = rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, bytes);
        held.map_err(io::Error::from).or_else(|error| {
            // Half a reserve would be taken for a whole one by the next console.
            std::fs::remove_file(path)?;
            Err(error)
        })
    }

    fn warning(&self, path: &Path) -> Option<String> {
        let kind = rustix::fs::statfs(path).ok()?.f_type;
        // The kernel's magic numbers are 32 bits wide; some systems hand them over sign-extended.
        let name = NETWORK.iter().find(|(magic, _)| i64::from(*magic) == kind & 0xffff_ffff)?.1;
        Some(format!(
            "{} is on {name}: locks between machines and syncs may not hold there; keep the log on a local disk",
            path.display()
        ))
    }
}

const NETWORK: [(u32, &str); 8] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9p"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
];

/// Options that refuse a symbolic link in the last place of a path.
pub(in crate::runtime) fn no_follow() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// The folder a path's last name stands in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

impl LogFile for File {
    fn lock(&self) -> io::Result<()> {
        Self::lock(self)
    }

    fn unlock(&self) -> io::Result<()> {
        Self::unlock(self)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let here = self.metadata()?;
        match std::fs::symlink_metadata(path) {
            Ok(there) => Ok((here.dev(), here.ino()) == (there.dev(), there.ino())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn read(&self, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(to.saturating_sub(from)).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.read_exact_at(&mut bytes, from)?;
        Ok(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(self, bytes)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        Self::sync_data(self)
    }

    fn sync_all(&self) -> io::Result<()> {
        Self::sync_all(self)
    }
}

/// Writes all of `bytes`, however little the system takes at a time.
pub(super) fn write_all(file: &mut dyn LogFile, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A new small file with these bytes, durable with its name.
pub(super) fn write_new(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk.create(path)?;
    write_all(file.as_mut(), bytes)?;
    file.sync_all()?;
    disk.sync_dir(parent(path))
}
