import CPostgres
import Foundation

extension PostgresConfiguration {
    /// One host of the connection string, and what libpq is told to go there.
    struct Place {
        let host: String?
        let address: String?
        var parameters: [String: String]
    }

    /// Whether the connection string can be read, without connecting.
    /// - Throws: `PostgresError` with `invalidArgument`, which quotes nothing of it.
    public func validate() throws(PostgresError) { _ = try places() }

    /// Whether a password stands in the connection string itself, where whoever reads that has it.
    public var holdsPassword: Bool {
        let given = try? PostgresConfiguration(conninfo).options()
        return given?["password"] != nil || given?["sslpassword"] != nil
    }

    /// The hosts in the order in which they are tried.
    ///
    /// libpq could go through them by itself, but only its blocking call gives up on a host that is silent, and that
    /// call can neither be interrupted nor tell a wrong password from a server that is starting.
    func places() throws(PostgresError) -> [Place] {
        let given = try options()
        let hosts = PostgresConfiguration.list(given["host"])
        let addresses = PostgresConfiguration.list(given["hostaddr"])
        let ports = PostgresConfiguration.list(given["port"])
        let count = max(hosts.count, addresses.count, 1)
        guard [hosts.count, addresses.count].allSatisfy({ $0 == 0 || $0 == count }),
            ports.count <= 1 || ports.count == count
        else { throw PostgresError(.invalidArgument, "the connection string has different numbers of hosts and ports") }
        var places: [Place] = []
        for index in 0..<count {
            let host = hosts.isEmpty ? nil : hosts[index]
            let address = addresses.isEmpty ? nil : addresses[index]
            var parameters = given
            parameters["host"] = host
            parameters["hostaddr"] = address
            parameters["port"] = ports.isEmpty ? nil : ports[ports.count == 1 ? 0 : index]
            secure(&parameters, isLocal: isLocal(host ?? address, given))
            places.append(Place(host: host, address: address, parameters: parameters))
        }
        return PostgresConfiguration.ordered(places, target?.rawValue ?? given["target_session_attrs"])
    }

    /// "prefer-standby" is a second round for those that are none.
    private static func ordered(_ places: [Place], _ target: String?) -> [Place] {
        let rounds = target == "prefer-standby" ? ["standby", "any"] : [target]
        return rounds.flatMap { round in
            places.map { place in
                var place = place
                place.parameters["target_session_attrs"] = round
                return place
            }
        }
    }

    private func options() throws(PostgresError) -> [String: String] {
        guard !conninfo.utf8.contains(0), password?.utf8.contains(0) != true else {
            throw PostgresError(.invalidArgument, "the connection string has a NUL")
        }
        // libpq's own message would quote a part of the string, which may be the password.
        guard let parsed = PQconninfoParse(conninfo, nil) else {
            throw PostgresError(.invalidArgument, "the connection string is malformed")
        }
        defer { PQconninfoFree(parsed) }
        var given: [String: String] = [
            // A peer that vanished is noticed in about a minute, also by a connection that only listens.
            "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "60000",
            "fallback_application_name": applicationName,
        ]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        given["client_encoding"] = "UTF8"
        if let password { given["password"] = password }
        return given
    }

    private func secure(_ parameters: inout [String: String], isLocal: Bool) {
        let chosen = tls ?? (parameters["sslmode"] == nil && !isLocal ? .verified() : nil)
        switch chosen {
        case nil: break
        case .off?: parameters["sslmode"] = "disable"
        case .unverified?: parameters["sslmode"] = "require"
        case .verified(let authorities)?:
            parameters["sslmode"] = "verify-full"
            parameters["sslrootcert"] = authorities ?? parameters["sslrootcert"] ?? "/etc/ssl/certs/ca-certificates.crt"
        }
    }

    private func isLocal(_ host: String?, _ given: [String: String]) -> Bool {
        guard let host, !host.isEmpty else {
            return given["service"] == nil && ProcessInfo.processInfo.environment["PGHOST"] == nil
        }
        return host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
            || host.hasPrefix("127.")
    }

    private static func list(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
