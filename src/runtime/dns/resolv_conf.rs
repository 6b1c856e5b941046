//! The resolvers of the system: `nameserver` lines of `/etc/resolv.conf`.

use std::net::IpAddr;

/// Those that the system asks; its own machine when none is named, as the C library does.
#[must_use]
pub fn system_resolvers() -> Vec<(String, u16)> {
    let found = of(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
    if found.is_empty() { vec![("127.0.0.1".to_owned(), 53)] } else { found }
}

fn of(text: &str) -> Vec<(String, u16)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let address = words.next().filter(|word| *word == "nameserver").and_then(|_| words.next());
        // A link-local address keeps its zone, which is no part of the address itself.
        let plain = |address: &str| address.split('%').next().is_some_and(|ip| ip.parse::<IpAddr>().is_ok());
        found.extend(address.filter(|address| plain(address)).map(|address| (address.to_owned(), 53)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_lines_of_nameservers_count() {
        let text = "# nameserver 192.0.2.1\nsearch example.com\n nameserver\t192.0.2.53 \nnameserver fe80::1%eth0\n\
                    nameserver resolver\nnameserver\noptions edns0\n";
        assert_eq!(of(text), [("192.0.2.53".to_owned(), 53), ("fe80::1%eth0".to_owned(), 53)]);
    }
}
