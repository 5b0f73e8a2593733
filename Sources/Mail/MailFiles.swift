import Glibc

/// The messages of files, folders, maildirs and mboxes, one after another in a fixed order.
///
/// A folder is read with all below it, by name; of a maildir `new` and `cur`, not `tmp` and not the files that servers keep
/// beside them. A file that begins with a `From ` line is an mbox. Nothing is read before it is asked for: a list of a
/// million files is held as names, an mbox of any size as one message.
public struct MailFiles {
    /// One message, not read yet or out of an mbox.
    public struct Item: Sendable {
        /// The path as it was found; of the messages of an mbox that holds several, `path#1`, `path#2` …
        public let name: String
        /// The path of a file to be read, or the bytes.
        fileprivate let source: Source
    }

    fileprivate enum Source: Sendable {
        case file
        case bytes([UInt8])
        case refused(MailError)
    }

    /// An open file; closed when nobody reads from it any more, whether or not its end was reached.
    private final class OpenFile: Sendable {
        let descriptor: Int32

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        // Standard input is not ours to close.
        deinit { if descriptor != STDIN_FILENO { close(descriptor) } }
    }

    private struct OpenMbox {
        let name: String
        let file: OpenFile
        var reader: Mbox
        var count = 0
        /// The next message, read ahead to know whether the one before it is the only one.
        var ahead: Source?
        var hasFailed = false
    }

    /// The path that stands for standard input.
    public static let standardInput = "-"

    private let limits: Message.Limits
    /// Paths to visit, the next one last.
    private var paths: [String]
    private var mbox: OpenMbox?
    private let named: Set<String>

    /// Paths that were named and are not there.
    public private(set) var missing: [String] = []

    /// Names what to read; nothing is touched.
    public init(_ paths: [String], limits: Message.Limits = .default) {
        self.limits = limits
        self.paths = paths.reversed()
        named = Set(paths)
    }

    /// The next message; `nil` behind the last one.
    public mutating func next() -> Item? {
        while true {
            if let item = nextOfMbox() { return item }
            guard let path = paths.popLast() else { return nil }
            if let item = visit(path) { return item }
        }
    }

    private mutating func visit(_ path: String) -> Item? {
        if path == MailFiles.standardInput { return open(STDIN_FILENO, name: path) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            if named.contains(path) { missing.append(path) }
            return nil
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard let children = MailFiles.children(of: path) else {
                return Item(name: path, source: .refused(MailError(.unreadable, "the folder cannot be listed")))
            }
            paths += children.reversed()
            return nil
        case S_IFREG:
            let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            // What cannot be opened is an item: reading it says why.
            guard file >= 0 else { return Item(name: path, source: .file) }
            var head = [UInt8](repeating: 0, count: 512)
            let count = Glibc.read(file, &head, head.count)
            head.removeLast(head.count - max(count, 0))
            guard Mbox.begins(head) else {
                close(file)
                return Item(name: path, source: .file)
            }
            mbox = OpenMbox(name: path, file: OpenFile(file), reader: Mbox(file: file, head: head, limit: limits.bytes))
            return nil
        case S_IFIFO, S_IFCHR, S_IFSOCK:
            // "/dev/stdin", "<(command)": only where the caller says so; a folder's fifo would wait for ever.
            guard named.contains(path) else { return nil }
            let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return Item(name: path, source: .file) }
            return open(file, name: path)
        default: return nil
        }
    }

    /// Starts on a stream, which may be one mail or an mbox.
    private mutating func open(_ file: Int32, name: String) -> Item? {
        var head: [UInt8] = []
        // A pipe may bring its first line in pieces.
        while head.count < 512 {
            var piece = [UInt8](repeating: 0, count: 512)
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            head += piece.prefix(count)
        }
        if Mbox.begins(head) {
            mbox = OpenMbox(name: name, file: OpenFile(file), reader: Mbox(file: file, head: head, limit: limits.bytes))
            return nil
        }
        defer { if file != STDIN_FILENO { close(file) } }
        while head.count <= limits.bytes {
            var piece = [UInt8](repeating: 0, count: 262_144)
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            head += piece.prefix(count)
        }
        return Item(name: name, source: .bytes(head))
    }

    private mutating func nextOfMbox() -> Item? {
        guard var open = mbox else { return nil }
        if open.count == 0 { open.ahead = read(&open) }
        guard let source = open.ahead else {
            mbox = nil
            return nil
        }
        open.ahead = read(&open)
        open.count += 1
        // The only message of a file goes by the name of the file.
        let isOnly = open.count == 1 && open.ahead == nil
        mbox = open
        return Item(name: isOnly ? open.name : "\(open.name)#\(open.count)", source: source)
    }

    private func read(_ open: inout OpenMbox) -> Source? {
        guard !open.hasFailed else { return nil }
        do {
            guard let entry = try open.reader.next() else { return nil }
            return entry.isTruncated
                ? .refused(MailError(.tooLarge, "the message has more than \(limits.bytes) bytes"))
                : .bytes(entry.bytes)
        } catch {
            open.hasFailed = true
            return .refused(error)
        }
    }

    /// What stands in a folder, by name; `nil` when it cannot be listed.
    private static func children(of path: String) -> [String]? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var names: [(name: String, isFolder: Bool)] = []
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            let type = Int32(item.pointee.d_type)
            if type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN) {
                var status = stat()
                guard fstatat(dirfd(directory), name, &status, 0) == 0 else { continue }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                // A link to a folder could lead back to where we are.
                if isFolder, type == Int32(DT_LNK) { continue }
                names.append((name, isFolder))
            } else {
                names.append((name, type == Int32(DT_DIR)))
            }
        }
        let folders = Set(names.lazy.filter(\.isFolder).map(\.name))
        let isMaildir = folders.contains("cur") && folders.contains("new")
        let prefix = path.hasSuffix("/") ? path : path + "/"
        return names.filter { entry in
            // Maildir++ keeps its folders behind a dot.
            if isMaildir { return entry.isFolder && (entry.name != "tmp") }
            return !entry.name.hasPrefix(".")
        }.map { prefix + $0.name }.sorted()
    }
}

extension MailFiles {
    /// The bytes of a file that holds one message.
    ///
    /// - Throws: ``MailError/Code/vanished``, ``MailError/Code/unreadable``, ``MailError/Code/tooLarge``.
    public static func bytes(ofFile path: String, maximum: Int = Message.Limits.default.bytes) throws(MailError)
        -> [UInt8]
    {
        try Maildir.read(path: path, maximumBytes: maximum)
    }
}

extension MailFiles.Item {
    /// The path of the file that holds this message and nothing else, where it is not read yet; nil for one of an mbox.
    public var path: String? {
        if case .file = source { return name }
        return nil
    }

    /// How many bytes reading it will hold, as far as is known before: for a file that is not read yet, its size.
    public var size: Int {
        switch source {
        case .bytes(let bytes): return bytes.count
        case .refused: return 0
        case .file:
            var status = stat()
            return stat(name, &status) == 0 ? Int(status.st_size) : 0
        }
    }

    /// The bytes of the message.
    ///
    /// - Throws: ``MailError/Code/vanished``, ``MailError/Code/unreadable``, ``MailError/Code/tooLarge``.
    public func bytes(maximum: Int = Message.Limits.default.bytes) throws(MailError) -> [UInt8] {
        switch source {
        case .bytes(let bytes): return bytes
        case .refused(let error): throw error
        case .file: return try Maildir.read(path: name, maximumBytes: maximum)
        }
    }
}
