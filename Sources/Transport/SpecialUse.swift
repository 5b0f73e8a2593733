/// What a mailbox is for, RFC 6154 section 2.
public enum SpecialUse: String, Sendable, CaseIterable {
    /// Copies of what was sent.
    case sent = "\\SENT"
    /// Messages that are not finished.
    case drafts = "\\DRAFTS"
    /// What was deleted.
    case trash = "\\TRASH"
    /// What was taken for unsolicited.
    case junk = "\\JUNK"
    /// What is kept.
    case archive = "\\ARCHIVE"

    /// Names of such mailboxes on servers that do not tell, in lower case, the most usual first.
    ///
    /// QUIRK: RFC 6154 is optional. Dovecot tells only what its configuration says; Exchange names the folders in the language
    /// of the account; Courier and Cyrus put all below `INBOX.`.
    private var names: [String] {
        switch self {
        case .sent:
            [
                "sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete elemente",
                "gesendete objekte",
                "éléments envoyés", "messages envoyés", "envoyés", "enviados", "elementos enviados", "itens enviados",
                "posta inviata", "inviata", "verzonden items", "verzonden", "wysłane", "elementy wysłane", "skickat",
                "sendt post", "отправленные", "已发送", "已发送邮件", "送信済みアイテム", "送信済み", "भेजे गए आइटम",
            ]
        case .drafts:
            [
                "drafts", "draft", "entwürfe", "brouillons", "borradores", "rascunhos", "bozze", "concepten",
                "kopie robocze", "wersje robocze", "utkast", "kladder", "черновики", "草稿", "下書き", "ड्राफ़्ट",
            ]
        case .trash:
            [
                "trash", "deleted items", "deleted messages", "bin", "papierkorb", "gelöschte elemente", "corbeille",
                "éléments supprimés", "papelera", "elementos eliminados", "lixeira", "itens excluídos", "cestino",
                "posta eliminata", "prullenbak", "verwijderde items", "kosz", "elementy usunięte", "papperskorg",
                "borttaget", "slettet post", "корзина", "удаленные", "已删除邮件", "削除済みアイテム", "ごみ箱",
            ]
        case .junk:
            [
                "junk", "spam", "junk e-mail", "junk email", "bulk mail", "junk-e-mail", "courrier indésirable",
                "correo no deseado", "lixo eletrônico", "posta indesiderata", "ongewenste e-mail", "wiadomości-śmieci",
                "skräppost", "uønsket mail", "спам", "нежелательная почта", "垃圾邮件", "迷惑メール",
            ]
        case .archive:
            [
                "archive", "archives", "all mail", "archiv", "archivo", "arquivo", "arquivo morto", "archivio",
                "archief",
                "archiwum", "arkiv", "архив", "存档", "アーカイブ",
            ]
        }
    }

    /// The mailbox among these that is for this.
    func mailbox(among mailboxes: [ListedMailbox]) -> String? {
        let usable = mailboxes.filter { mailbox in
            !mailbox.attributes.contains { ["\\NOSELECT", "\\NONEXISTENT"].contains($0.uppercased()) }
        }
        func marked(_ attribute: String) -> String? {
            usable.first { $0.attributes.contains { $0.uppercased() == attribute } }?.name
        }
        if let name = marked(rawValue) { return name }
        // QUIRK: Gmail has no \Archive: what is in no other folder is in "All Mail", and moving there is what it calls archiving.
        if self == .archive, let name = marked("\\ALL") { return name }
        var byName: [String: String] = [:]
        for mailbox in usable {
            guard let name = mailbox.plainName, byName[name] == nil else { continue }
            byName[name] = mailbox.name
        }
        return names.lazy.compactMap { byName[$0] }.first
    }
}

extension ListedMailbox {
    /// The name in lower case, without the one level that some servers put everything below; `nil` if it is longer than any
    /// of the usual names.
    fileprivate var plainName: String? {
        guard name.utf8.count <= 100 else { return nil }
        let name = self.name.lowercased()
        guard let delimiter else { return name }
        // QUIRK: accounts of Gmail in Germany and Great Britain once had "[Google Mail]".
        for parent in ["inbox", "[gmail]", "[google mail]"] where name.hasPrefix(parent + delimiter) {
            return String(name.dropFirst(parent.count + delimiter.count))
        }
        return name
    }
}

extension IMAPSession {
    /// The mailbox for this use: the one that the server marks as such (RFC 6154), else the one that is usually called so;
    /// `nil` if there is none. Its name is ready for ``append(to:bytes:flags:date:)`` and ``move(_:to:)``.
    public func specialUse(_ use: SpecialUse) async throws(TransportError) -> String? {
        use.mailbox(among: try await list())
    }
}
