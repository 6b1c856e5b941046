//! Whether a channel would work: everything but the telling.

use domain::estate::{Outlet, OutletKind};

use super::{Fault, Used, email, in_time, statuspage};
use crate::runtime::notify::post::{answer, webhook};
use crate::runtime::readiness::on_path;

/// Publishes nothing: reads the page, logs in to the mail server, reaches the receiver of a webhook, looks for the
/// program or the folder.
///
/// # Errors
/// It would not work: why, and what would help.
pub async fn look(outlet: &Outlet) -> Result<(), Fault> {
    let mut used = Used::default();
    let looking = async {
        match &outlet.kind {
            OutletKind::Statuspage(page) => statuspage::look(page, &mut used).await,
            OutletKind::Webhook(hook) => {
                webhook::headers(hook, &mut used)?;
                answer::reach(&used.endpoint(&hook.url).await?).await
            }
            OutletKind::Email(mail) => email::look(mail, &mut used).await,
            OutletKind::Command(program) => {
                for variable in &program.env {
                    used.variable(variable)?;
                }
                let name = program.argv.first().map(String::as_str).unwrap_or_default();
                match name.contains('/') || on_path(name).is_some() {
                    true => Ok(()),
                    false => Err(Fault::pointless(format!("{name} is not on PATH"), "write its whole path")),
                }
            }
            OutletKind::File(file) => {
                let folder = std::path::Path::new(&file.path).parent().filter(|folder| folder.is_dir());
                folder.map(drop).ok_or_else(|| Fault::pointless("its folder is not there", "make it"))
            }
        }
    };
    in_time(outlet.timeout, looking).await.map_err(|fault| fault.clean(&used))
}
