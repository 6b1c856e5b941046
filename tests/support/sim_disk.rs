//! A disk in memory that forgets: it knows what was synced, and gives every state a power cut may leave behind.
//!
//! Within a file, bytes that were written and not synced may be there in any part, as zeros, or not at all; a name that
//! was made or removed and whose folder was not synced may be there or not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use switchback::runtime::journal::disk::{Disk, LogFile};

#[derive(Clone, Debug, Default)]
pub(crate) struct SimDisk(Arc<Mutex<Inside>>);

#[derive(Clone, Debug, Default)]
struct Inside {
    files: Vec<Contents>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    dirs: BTreeSet<PathBuf>,
    operations: usize,
    /// Power is cut before this operation; all later ones fail.
    off_at: Option<usize>,
    syncs: usize,
    /// This sync fails, once, and the bytes it was for are dropped.
    sync_fails_at: Option<usize>,
    room: Option<u64>,
    truncate_fails: bool,
}

#[derive(Clone, Debug, Default)]
struct Contents {
    cached: Vec<u8>,
    durable: Vec<u8>,
    /// Of a reserve, which holds room and no bytes.
    reserved: u64,
}

impl SimDisk {
    /// The same disk, with power cut before operation `at`.
    pub(crate) fn cut_at(&self, at: usize) {
        let mut inside = self.inside();
        inside.off_at = Some(inside.operations + at);
    }

    pub(crate) fn is_off(&self) -> bool {
        let inside = self.inside();
        inside.off_at.is_some_and(|at| inside.operations > at)
    }

    /// The `nth` sync of a file from now on (0: the next) fails.
    pub(crate) fn fail_sync(&self, nth: usize) {
        let mut inside = self.inside();
        inside.sync_fails_at = Some(inside.syncs + nth);
    }

    pub(crate) fn fail_truncate(&self) {
        self.inside().truncate_fails = true;
    }

    /// So many bytes are free from now on.
    pub(crate) fn set_room(&self, bytes: u64) {
        self.inside().room = Some(bytes);
    }

    pub(crate) fn contents(&self, path: &Path) -> Option<Vec<u8>> {
        let inside = self.inside();
        Some(inside.files[*inside.names.get(path)?].cached.clone())
    }

    pub(crate) fn names(&self) -> Vec<PathBuf> {
        self.inside().names.keys().cloned().collect()
    }

    /// Puts a file there, synced, as an earlier console left it.
    pub(crate) fn place(&self, path: &Path, bytes: &[u8]) {
        let mut inside = self.inside();
        let id = inside.files.len();
        inside.files.push(Contents { cached: bytes.to_vec(), durable: bytes.to_vec(), reserved: 0 });
        inside.names.insert(path.to_path_buf(), id);
        inside.durable_names.insert(path.to_path_buf(), id);
    }

    /// Every disk that a restart may find after the power was cut.
    pub(crate) fn after_power_cut(&self) -> Vec<Self> {
        let inside = self.inside();
        let unsynced: Vec<usize> = (0..inside.files.len())
            .filter(|&id| inside.files[id].cached != inside.files[id].durable)
            .filter(|id| inside.names.values().chain(inside.durable_names.values()).any(|named| named == id))
            .collect();
        let mut disks = Vec::new();
        for names in [&inside.names, &inside.durable_names] {
            let kept: Vec<_> = inside.files.iter().map(|file| file.durable.clone()).collect();
            disks.push(Self::restarted(&inside, names, kept.clone()));
            for &id in &unsynced {
                for state in inside.files[id].states() {
                    let mut kept = kept.clone();
                    kept[id] = state;
                    disks.push(Self::restarted(&inside, names, kept));
                }
            }
            if inside.names == inside.durable_names {
                break;
            }
        }
        disks
    }

    fn restarted(inside: &Inside, names: &BTreeMap<PathBuf, usize>, kept: Vec<Vec<u8>>) -> Self {
        let files =
            kept.into_iter().map(|bytes| Contents { cached: bytes.clone(), durable: bytes, reserved: 0 }).collect();
        Self(Arc::new(Mutex::new(Inside {
            files,
            names: names.clone(),
            durable_names: names.clone(),
            dirs: inside.dirs.clone(),
            ..Inside::default()
        })))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }

    fn step(&self) -> io::Result<MutexGuard<'_, Inside>> {
        let mut inside = self.inside();
        inside.operations += 1;
        if inside.off_at.is_some_and(|at| inside.operations > at) {
            return Err(io::Error::other("the power is off"));
        }
        Ok(inside)
    }
}

impl Contents {
    /// What the file may hold when what was not synced is written in part.
    fn states(&self) -> Vec<Vec<u8>> {
        let same = self.durable.iter().zip(&self.cached).take_while(|(a, b)| a == b).count();
        let mut states = vec![self.cached.clone()];
        if self.cached.len() < self.durable.len() {
            return states;
        }
        for at in same..=self.cached.len() {
            let zeros = vec![0; self.cached.len() - at];
            states.push(self.cached[..at].to_vec());
            states.push([&self.cached[..at], &zeros].concat());
            states.push([&self.cached[..same], &vec![0; at - same], &self.cached[at..]].concat());
        }
        // Parts of 16 bytes, each there or not: 64 of all the patterns there are.
        for pattern in 0_u64..64 {
            let mixed = pattern.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 << (pattern % 64);
            let part = |(at, &byte): (usize, &u8)| if at < same || mixed >> (at / 16 % 64) & 1 == 1 { byte } else { 0 };
            states.push(self.cached.iter().enumerate().map(part).collect());
        }
        states
    }
}

impl Disk for SimDisk {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.step()?.dirs.insert(dir.to_path_buf());
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let mut inside = self.step()?;
        if inside.names.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let id = inside.files.len();
        inside.files.push(Contents::default());
        inside.names.insert(path.to_path_buf(), id);
        Ok(Box::new(SimFile { disk: self.clone(), id }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let inside = self.step()?;
        let id = *inside.names.get(path).ok_or(ErrorKind::NotFound)?;
        Ok(Box::new(SimFile { disk: self.clone(), id }))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut inside = self.step()?;
        let Inside { names, durable_names, .. } = &mut *inside;
        durable_names.retain(|path, _| path.parent() != Some(dir));
        durable_names
            .extend(names.iter().filter(|(path, _)| path.parent() == Some(dir)).map(|(p, id)| (p.clone(), *id)));
        Ok(())
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(self.step()?.names.contains_key(path))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inside = self.step()?;
        let id = inside.names.remove(path).ok_or(ErrorKind::NotFound)?;
        let freed = inside.files[id].cached.len() as u64 + inside.files[id].reserved;
        inside.room = inside.room.map(|room| room + freed);
        Ok(())
    }

    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let mut inside = self.step()?;
        if inside.names.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        inside.room = inside.room.map(|room| room.checked_sub(bytes).ok_or(ErrorKind::StorageFull)).transpose()?;
        let id = inside.files.len();
        inside.files.push(Contents { reserved: bytes, ..Contents::default() });
        inside.names.insert(path.to_path_buf(), id);
        Ok(())
    }

    fn warning(&self, _: &Path) -> Option<String> {
        None
    }
}

#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    id: usize,
}

impl SimFile {
    fn sync(&self) -> io::Result<()> {
        let mut inside = self.disk.step()?;
        inside.syncs += 1;
        if inside.sync_fails_at == Some(inside.syncs - 1) {
            // As Linux does: the pages count as clean, and are on no disk.
            return Err(io::Error::other("input/output error"));
        }
        let file = &mut inside.files[self.id];
        file.durable.clone_from(&file.cached);
        Ok(())
    }
}

impl LogFile for SimFile {
    fn lock(&self) -> io::Result<()> {
        Ok(())
    }

    fn unlock(&self) -> io::Result<()> {
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.step()?.files[self.id].cached.len() as u64)
    }

    fn is_at(&self, path: &Path) -> io::Result<bool> {
        Ok(self.disk.step()?.names.get(path) == Some(&self.id))
    }

    fn read(&self, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let range = usize::try_from(from).unwrap()..usize::try_from(to).unwrap();
        Ok(self.disk.step()?.files[self.id].cached[range].to_vec())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inside = self.disk.step()?;
        let room = inside.room.map_or(bytes.len(), |room| usize::try_from(room).unwrap().min(bytes.len()));
        if room == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        inside.room = inside.room.map(|left| left - room as u64);
        inside.files[self.id].cached.extend_from_slice(&bytes[..room]);
        Ok(room)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        let mut inside = self.disk.step()?;
        if inside.truncate_fails {
            return Err(io::Error::other("input/output error"));
        }
        let file = &mut inside.files[self.id].cached;
        let freed = file.len() as u64 - len;
        file.truncate(usize::try_from(len).unwrap());
        inside.room = inside.room.map(|room| room + freed);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.sync()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync()
    }
}
