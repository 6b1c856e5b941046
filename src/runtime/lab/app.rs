//! The application of one region: says whether it is well, and takes orders into its own region's database.

use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use serde_json::json;
use tokio::sync::Mutex;

use super::cluster::APP;
use super::plan::{Lab, Side};
use super::server::{Answer, Call, serve};
use crate::runtime::postgres::{Client, Dsn, Error, connect};

const DEADLINE: Duration = Duration::from_secs(2);

#[derive(Debug)]
struct App {
    side: Side,
    dsn: String,
    client: Mutex<Option<Client>>,
}

/// Runs until the process is ended.
pub(super) async fn run(lab: &Lab, side: Side) -> std::io::Result<()> {
    let app = App { side, dsn: lab.dsn(side, APP), client: Mutex::new(None) };
    serve(lab.apps.of(side), Arc::new(app), |app, call| async move { app.answer(call).await }).await
}

impl App {
    async fn answer(&self, call: Call) -> Answer {
        match (call.method, call.path.as_str()) {
            (Method::GET, "/health") => match self.query("SELECT pg_is_in_recovery()::text").await {
                Ok(rows) => {
                    let standby =
                        rows.first().and_then(|row| row.first().cloned().flatten()).as_deref() == Some("true");
                    let role = if standby { "standby" } else { "primary" };
                    Answer::new(200, json!({ "status": "ok", "region": self.side.region(), "database": role }))
                }
                Err(error) => Answer::new(503, json!({ "status": "no database", "error": error.to_string() })),
            },
            (Method::POST, "/orders") => match call.body["id"].as_i64() {
                Some(id) => self.insert(id).await,
                None => Answer::new(400, json!({ "error": "an order needs an id" })),
            },
            // The write through the application's own path that proves a fence: it leaves no order behind.
            (Method::POST, "/write-test") => {
                let tried = self.query("BEGIN; DELETE FROM orders WHERE id = -1; COMMIT").await;
                tried.map_or_else(|error| refused(&error), |_| Answer::new(200, json!({ "accepted": true })))
            }
            _ => Answer::not_found(),
        }
    }

    async fn insert(&self, id: i64) -> Answer {
        let sql = format!("INSERT INTO orders (id, region) VALUES ({id}, '{}')", self.side.region());
        match self.query(&sql).await {
            Ok(_) => Answer::new(201, json!({ "id": id, "region": self.side.region() })),
            Err(error) => refused(&error),
        }
    }

    /// One statement on the one connection; a connection that failed is made anew the next time.
    async fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        let mut held = self.client.lock().await;
        let client = match held.take() {
            Some(client) => client,
            None => connect(&Dsn::resolve(&self.dsn)?, DEADLINE).await?,
        };
        let answer = tokio::time::timeout(DEADLINE, client.query(sql)).await;
        match answer {
            Ok(Ok(rows)) => {
                *held = Some(client);
                Ok(rows)
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(Error::TimedOut { after: DEADLINE }),
        }
    }
}

/// A known refusal of the database is a refusal of the application; anything else is its own trouble.
fn refused(error: &Error) -> Answer {
    match error.state() {
        Some("25006" | "28000" | "42501" | "55000") => {
            Answer::new(503, json!({ "error": "read-only", "detail": error.to_string() }))
        }
        _ => Answer::new(502, json!({ "error": "no database", "detail": error.to_string() })),
    }
}
