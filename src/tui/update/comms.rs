//! Keys of the comms screen: an audience chosen, a text written, looked at, and sent once it is confirmed.

use domain::console::Request;
use domain::engine::{Command, TellAct};
use domain::ident::AudienceId;
use domain::log::{IncidentStatus, Way};

use super::editor::for_area;
use super::list::closes;
use super::turn::Turn;
use crate::action::Id;
use crate::keys::{Code, Key};
use crate::model::{CommsView, Drafting, Kept, Letter, Outbox, Overlay, Scrolled, Subject};

impl Turn<'_> {
    pub(super) fn comms_key(&mut self, mut view: CommsView, key: Key) {
        if closes(key) || key == Key::char('c') {
            return;
        }
        let audiences = self.model.audiences();
        let at = view.position(audiences);
        let to = key.moves().map_or(at, |by| at.saturating_add_signed(by).min(audiences.len().saturating_sub(1)));
        view.cursor = audiences.get(to).map(|audience| audience.id.clone());
        let here = view.cursor.clone();
        self.open(Overlay::Comms(view));
        let Some(here) = here else { return };
        match key.code {
            Code::Char('?') => self.open(Overlay::Help(Scrolled::default())),
            Code::Enter | Code::Char('e') if !key.ctrl => self.draft(&here),
            Code::Char('u') if !key.ctrl => self.take(Id::Update, key),
            Code::Char('h') if !key.ctrl => self.open(Overlay::UpdateHistory(Scrolled { of: here, scroll: 0 })),
            Code::Char('C') => self.copy_update(&here),
            Code::Char('R') => {
                if let Some((update, way)) = self.troubled(&here, key) {
                    self.open_confirm(Subject::Retry { audience: here, update, way });
                }
            }
            Code::Char('S') => {
                if let Some((update, way)) = self.troubled(&here, key) {
                    let act = TellAct::Vouch { update, way };
                    self.command(Command::Tell(Box::new(act)), "it was not recorded");
                }
            }
            _ => {}
        }
    }

    /// Opens the text of an audience: the one that was begun, else its template.
    fn draft(&mut self, id: &AudienceId) {
        if let Err(why) = crate::action::enabled(self.model, Id::Update) {
            self.refuse(why);
            return;
        }
        let Some(audience) = self.model.audience(id) else { return };
        let begun = self.model.ui.drafts.contains_key(id);
        let drafting = match self.model.draft_of(audience) {
            Ok(kept) => Drafting::new(id.clone(), &kept, begun),
            Err(why) => {
                let status = domain::comms::likely_status(&self.model.state);
                let kept = Kept { status, text: String::new(), after: self.model.last_update(id) };
                Drafting { problem: Some(why), ..Drafting::new(id.clone(), &kept, false) }
            }
        };
        self.open(Overlay::Drafting(drafting));
    }

    /// Everybody who is due: look, then x.
    pub(super) fn update_all(&mut self) {
        let mut letters = Vec::new();
        for id in self.model.due_now() {
            let Some(audience) = self.model.audience(&id) else { continue };
            match self.model.draft_of(audience) {
                Ok(kept) => letters.push(self.model.letter(audience, kept)),
                Err(why) => {
                    self.refuse(format!("{id}: {why}"));
                    return;
                }
            }
        }
        self.open(Overlay::Outbox(Outbox { letters, scroll: 0 }));
    }

    pub(super) fn drafting_key(&mut self, mut drafting: Drafting, key: Key) {
        drafting.problem = None;
        match key.code {
            Code::Esc => {
                self.keep(&drafting);
                return;
            }
            Code::Char('c') if key.ctrl => {
                self.keep(&drafting);
                return;
            }
            Code::Char('r') if key.ctrl => self.begin_anew(&mut drafting, None),
            Code::Tab => self.other_status(&mut drafting, 1),
            Code::BackTab => self.other_status(&mut drafting, IncidentStatus::ALL.len() - 1),
            Code::Enter if key.alt || key.ctrl => {
                drafting.area.insert_newline();
                drafting.edited = true;
            }
            Code::Enter if self.press == super::press::Press::Burst => {
                drafting.area.insert_newline();
                drafting.edited = true;
            }
            Code::Enter => {
                if self.may_act(key) {
                    self.show(drafting);
                    return;
                }
            }
            _ => drafting.edited |= drafting.area.input(for_area(key)),
        }
        self.open(Overlay::Drafting(drafting));
    }

    /// It is not lost: it stands there again when the audience is chosen again.
    fn keep(&mut self, drafting: &Drafting) {
        if drafting.edited && !drafting.text().is_empty() {
            self.model.ui.drafts.insert(drafting.audience.clone(), drafting.kept());
            self.say(format!("the draft for {} is kept; ctrl-r in it begins anew", drafting.audience));
        } else {
            self.model.ui.drafts.remove(&drafting.audience);
        }
    }

    fn other_status(&mut self, drafting: &mut Drafting, by: usize) {
        let all = IncidentStatus::ALL;
        let at = all.iter().position(|status| *status == drafting.status).unwrap_or(0);
        let status = all[(at + by) % all.len()];
        // What a person wrote is theirs: only the status changes under it.
        if drafting.edited { drafting.status = status } else { self.begin_anew(drafting, Some(status)) }
    }

    fn begin_anew(&mut self, drafting: &mut Drafting, status: Option<IncidentStatus>) {
        let Some(audience) = self.model.audience(&drafting.audience) else { return };
        drafting.status = status.unwrap_or(drafting.status);
        match self.model.template_of(audience, drafting.status) {
            Ok(kept) => {
                drafting.replace(&kept.text);
                (drafting.after, drafting.edited) = (kept.after, false);
                self.model.ui.drafts.remove(&drafting.audience);
            }
            Err(why) => drafting.problem = Some(why),
        }
    }

    /// As it will be sent.
    fn show(&mut self, mut drafting: Drafting) {
        let Some(audience) = self.model.audience(&drafting.audience) else { return };
        if drafting.text().is_empty() {
            drafting.problem = Some("there is no text yet".to_owned());
            self.open(Overlay::Drafting(drafting));
            return;
        }
        let letter = self.model.letter(audience, drafting.kept());
        self.model.ui.drafts.insert(drafting.audience.clone(), drafting.kept());
        self.open(Overlay::Drafting(drafting));
        self.open(Overlay::Outbox(Outbox { letters: vec![letter], scroll: 0 }));
    }

    pub(super) fn outbox_key(&mut self, outbox: Outbox, key: Key) {
        if closes(key) {
            return;
        }
        let chosen = match key.code {
            Code::Char('e') if !key.ctrl => Some(0),
            Code::Char(digit @ '1'..='9') => digit.to_digit(10).and_then(|digit| usize::try_from(digit - 1).ok()),
            _ => None,
        };
        if let Some(letter) = chosen.and_then(|at| outbox.letters.get(at)) {
            let id = letter.audience.clone();
            // Where it was opened from its text, that lies below.
            if !matches!(self.model.overlay(), Some(Overlay::Drafting(_))) {
                self.draft(&id);
            }
            return;
        }
        match key.code {
            Code::Char('x') if !key.ctrl => {
                let letters = outbox.letters.clone();
                self.open(Overlay::Outbox(outbox));
                if self.may_take(Id::Update, key) {
                    self.open_confirm(Subject::Updates { letters });
                }
                return;
            }
            Code::Char('C') => self.copy_letters(&outbox.letters),
            Code::Char('?') => {
                self.open(Overlay::Outbox(outbox));
                self.open(Overlay::Help(Scrolled::default()));
                return;
            }
            _ => {}
        }
        self.open(Overlay::Outbox(outbox));
        self.scroll_list(key);
    }

    /// Confirmed: each goes into the log, and from there on its ways.
    pub(super) fn send_updates(&mut self, letters: Vec<Letter>) {
        let overtaken = letters.iter().find_map(|letter| {
            let update = self.model.told_meanwhile(&letter.audience, letter.kept.after)?;
            Some(format!("{} told {} meanwhile: look at it, then begin anew or send yours", update.by, letter.audience))
        });
        if let Some(why) = overtaken {
            // Once it was said, a second x y sends it.
            for letter in &letters {
                let kept = Kept { after: self.model.last_update(&letter.audience), ..letter.kept.clone() };
                self.model.ui.drafts.insert(letter.audience.clone(), kept);
            }
            self.close_comms();
            self.refuse(why);
            return;
        }
        self.close_comms();
        let by_hand: Vec<Letter> =
            letters.iter().filter(|letter| letter.ways.contains(&Way::Clipboard)).cloned().collect();
        if self.model.scene.kind.executes() {
            self.copy_letters(&by_hand);
        }
        for Letter { audience, ready, ways, kept } in letters {
            self.model.ui.drafts.remove(&audience);
            let what = format!("{audience} was not told");
            let form = Overlay::Drafting(Drafting::new(audience.clone(), &kept, true));
            let (status, subject, text) = (ready.status, ready.subject, ready.body);
            let act = TellAct::Issue { audience, status, subject, text, ways };
            self.ask(Request::Act(Box::new(Command::Tell(Box::new(act)))), what, Some(form));
        }
    }

    fn close_comms(&mut self) {
        self.model.ui.overlays.retain(|overlay| !matches!(overlay, Overlay::Drafting(_) | Overlay::Outbox(_)));
    }

    /// All of them in one text, for whoever passes them on.
    fn copy_letters(&mut self, letters: &[Letter]) {
        let one = |letter: &Letter| match letters.len() {
            1 => letter.ready.text(),
            _ => format!("[{}]\n{}", letter.audience, letter.ready.text()),
        };
        let texts: Vec<String> = letters.iter().map(one).collect();
        if !texts.is_empty() {
            self.model.ui.copy = Some(texts.join("\n\n"));
            self.say("copied: pass it on to those who are told by hand");
        }
    }

    fn copy_update(&mut self, audience: &AudienceId) {
        match self.model.state.updates.last(audience) {
            Some((_, update)) => {
                self.model.ui.copy = Some(format!("{}\n\n{}", update.subject, update.text).trim().to_owned());
                self.say("copied: what was told last");
            }
            None => self.refuse("it was told nothing yet"),
        }
    }

    /// About the first way on which the newest update did not arrive, or nobody knows.
    fn troubled(&mut self, audience: &AudienceId, key: Key) -> Option<(u64, Way)> {
        let Some(troubled) = self.model.troubled(audience) else {
            self.refuse("its last update failed on no way");
            return None;
        };
        self.may_take(Id::Update, key).then_some(troubled)
    }

    /// The bell rings once for each update that becomes overdue.
    pub(super) fn ring_overdue(&mut self) {
        let due = self.model.updates_due();
        let late: Vec<_> = due.into_iter().filter(|due| self.model.overdue(due.at)).collect();
        for due in late {
            if self.model.ui.rung.insert((due.audience, due.at)) && !self.model.scene.read_only {
                self.model.ui.bell = true;
            }
        }
    }
}
