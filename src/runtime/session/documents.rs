//! Documents of the library: read for the front end, and adopted where this console may.

use domain::console::Told;
use domain::document::{Document, FileName};
use domain::engine::{Reason, Refusal};
use domain::ident::Hash;

use super::Session;
use super::input::Input;
use crate::runtime::documents::{Adopter, document};

impl Session {
    /// Apart from everything else: a long document takes its time.
    pub(super) fn read_document(&self, number: u64, name: String) {
        let (library, estate) = (self.library.clone(), self.scene.estate.clone());
        let adopter = Adopter::of(&self.scene);
        let reading = tokio::task::spawn_blocking(move || {
            document(&library, &estate, &name, adopter).map_err(|error| error.to_string())
        });
        self.spawn(async move {
            let read = reading.await.unwrap_or_else(|error| Err(error.to_string()));
            Input::DocumentRead { number, read: read.map(Box::new) }
        });
    }

    pub(super) fn document_read(&self, number: u64, read: Result<Box<Document>, String>) {
        let result = read.map(|document| self.tell(Told::Document(document)));
        self.answer(number, result.map_err(|why| Refusal::new(Reason::NoSuchThing, why)));
    }

    /// Writes the new runbook, and shows it.
    pub(super) fn adopt(&self, number: u64, name: &str, file: &str, source: Hash) -> Result<(), Refusal> {
        let Some(adopter) = Adopter::of(&self.scene) else {
            let why = if self.scene.read_only { "this console is read-only" } else { "an exercise changes no file" };
            return Err(Refusal::new(Reason::ReadOnly, why));
        };
        let file = FileName::read(file).map_err(|why| Refusal::new(Reason::NotNow, why.to_string()))?;
        let adopted = file.name().to_owned();
        adopter
            .adopt(&self.library, name, file, source)
            .map_err(|why| Refusal::new(Reason::NotNow, why.to_string()))?;
        self.tell(Told::Runbooks(self.library.list(&self.scene.estate)));
        self.read_document(number, adopted);
        Ok(())
    }
}
