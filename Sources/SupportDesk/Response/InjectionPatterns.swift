/// The words that speak to a machine, in English, Hindi and romanised Hindi.
///
/// A line is a kind and steps: words by `|`, each within so many words behind the step before as `..N` says (1 where it
/// says nothing). Written for what such texts have in common, and for nothing that a customer asks a shop.
enum InjectionPatterns {
    struct Pattern: Sendable {
        struct Step: Sendable {
            let gap: Int
            let words: Set<String>
        }
        let kind: String
        let steps: [Step]
    }

    /// By the first word.
    static let all: [String: [Pattern]] = {
        var table: [String: [Pattern]] = [:]
        for line in lines.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count > 2 else { continue }
            var steps: [Pattern.Step] = []
            var gap = 0
            for part in parts.dropFirst(2) {
                if part.hasPrefix("..") {
                    gap = Int(part.dropFirst(2)) ?? 0
                } else {
                    steps.append(Pattern.Step(gap: gap, words: words(part)))
                    gap = 0
                }
            }
            let pattern = Pattern(kind: parts[0], steps: steps)
            for word in words(parts[1]) { table[word, default: []].append(pattern) }
        }
        return table
    }()

    /// `@name` is one of the lists.
    private static func words(_ part: String) -> Set<String> {
        Set(
            part.split(separator: "|").flatMap { word in
                word.first == "@"
                    ? (lists[String(word.dropFirst())] ?? "").split(separator: " ").map(String.init) : [String(word)]
            }.map { PlainWord.of($0, in: "en") })
    }

    private static let lists: [String: String] = [
        "ignore": "ignore ignoring disregard forget override bypass skip neglect discard circumvent overlook",
        "rules":
            "instruction instructions rule rules prompt prompts guideline guidelines directive directives command commands constraints restrictions safeguards programming guardrails filters",
        "before":
            "previous prior above earlier preceding foregoing all any every these those your the existing initial original system",
        "show":
            "reveal show print display output repeat reproduce disclose leak expose dump recite paste quote tell give share list",
        "reply": "response responses reply replies answer answers output summary completion",
        "shape":
            "modify enhance augment integrate append incorporate rewrite rephrase alter adjust format embed insert prepend conclude begin start render encode embellish add",
        "machine": "ai llm assistant model bot chatbot agent gpt chatgpt claude gemini copilot system ki",
        "secret":
            "credentials password passwords token tokens secrets database inbox conversation history customers logs transcript keys",
        "letters":
            "letter letters vowel vowels consonants word words number numbers symbol symbols character characters spaces keyboard",
        "work":
            "poem poems story stories essay haiku song lyrics speech limerick sonnet joke article tweet screenplay novel rap",
        "code": "python javascript java php sql mysql html css bash regex c++ rust golang typescript",
        "निर्देश": "निर्देश निर्देशों नियम नियमों आदेश आदेशों प्रॉम्प्ट हिदायत हिदायतें हिदायतों",
        "भूल": "भूल भूलकर भूलो अनदेखा नजरअंदाज अनसुना छोड़ हटा तोड़ो उपेक्षा",
        "nirdesh":
            "nirdesh nirdeshon niyam niyamo niyamon aadesh prompt instruction instructions rules hidayat hidayatein hidayaten",
        "bhool":
            "bhool bhul bhulkar bhoolkar ignore anadekha andekha nazarandaz nazarandaaz chhod chhodo hata skip bypass",
        "jawab": "jawab jawaab javab uttar reply response answer",
        "जवाब": "जवाब उत्तर प्रत्युत्तर",
    ]

    private static let lines = """
        override @ignore ..4 @rules
        override @ignore ..1 @before ..4 @rules|messages|message|text|context|conversation|training|told|said
        override @ignore ..2 everything|anything|all ..4 above|before|previously|told|said|instructed
        override stop|cease ..2 following|obeying ..4 @rules
        override do ..1 not ..1 follow|obey ..5 @rules
        override new|updated|revised|additional|secret|special|hidden ..1 instruction|instructions|directive|directives|prompt ..3 for ..2 you|assistant|ai|model
        override your ..2 new|real|true|actual|only|primary ..2 task|instructions|instruction|role|goal|objective|job|purpose|mission
        override instructions|rules|guidelines|restrictions ..4 no|not ..2 longer|apply|valid
        override supersede|supersedes|overrides|replaces ..5 @rules
        reveal @show ..5 system|initial|hidden|internal|developer|secret ..1 @rules|configuration|prompt
        reveal @show ..2 your ..1 initial|original|exact|full|complete|entire|whole ..1 prompt|instructions|directives|programming
        reveal @show ..3 instructions|rules|prompt|text|words ..1 above|verbatim
        reveal @show ..4 your prompt|prompts|instructions|programming|directives|guardrails
        reveal @show ..6 api|secret|access|admin ..1 key|keys|token|tokens|password|credentials
        reveal what|which ..2 your ..3 prompt|instructions|guidelines|rules
        reveal @show ..3 everything|all|text|words ..3 above|before|preceding
        role you ..1 are ..1 now ..6 @machine|unrestricted|dan|free|not|longer|jailbroken|evil|pirate|persona|character
        role pretend ..3 be|are|you ..6 @machine|employee|manager|admin|administrator|human|unrestricted|person
        role act ..1 as ..4 @machine|dan|unrestricted|admin|administrator|root|terminal|interpreter|translator|hacker|pirate|character
        role from ..1 now ..1 on ..3 you|your|answer|respond|reply|always|act|only
        role developer|debug|maintenance|admin|god|sudo|dan|jailbreak|unrestricted|test ..1 mode
        role roleplay|role-play|simulate ..5 @machine|as|that|terminal|conversation
        role jailbreak|jailbroken|unfiltered|uncensored ..4 @machine|mode|answer|response|version|yourself
        role you ..1 must ..1 obey|comply
        machine if ..2 you ..2 are ..2 @machine|automated|language
        machine @machine ..2 reading|processing|summarizing|summarising|handling|answering ..3 this|mail|email|message|text
        machine attention|note|message|instruction|instructions|notice|memo ..2 to|for ..2 ai|llm|llms|assistant|assistants|chatbot|bot|bots|gpt|chatgpt|claude|agents|language
        machine dear|hey|hello|hi|attention ..1 ai|llm|assistant|chatbot|gpt|chatgpt|claude|gemini|copilot|model
        machine language ..1 model|models ..4 must|should|please|will|instructed|asked
        machine as ..1 an ..2 ai|llm ..3 you|must|model|assistant
        machine when ..3 summarize|summarise|summarizing|summarising|summarization|summarisation|processing|parse|parsing
        machine when|while|before ..1 generating|composing|drafting|producing|preparing ..3 @reply
        machine when|while|before ..1 you ..1 generate|summarize|summarise
        answer @shape ..3 your|the|this ..1 @reply ..4 to|with|by|so|in|using
        answer @shape|include|use|write|put|mention|place ..20 to|in|into|within|throughout|of|at ..1 your ..1 response|responses|answer|answers|output|completion
        answer add|append|insert|integrate ..20 to|into|in ..1 your ..1 reply|replies
        answer @shape|include ..6 sentence|statement|tip|headline|paragraph|phrase|line|reminder|advertisement|slogan|recommendation|appeal|reason|link|reference|banner ..12 your|the ..1 @reply
        answer in ..1 your ..1 @reply ..4 @shape|include|suggest|tease|recommend|mention|encourage|promote|advise|tell|say|state|invite|urge|use|write|never|always|do|claim|confirm
        answer @shape|include|integrate ..12 in|to ..1 your ..1 reply ..8 linking|directing|reading|saying|stating|pointing|promoting|encouraging|for|that|referring|suggesting
        answer @shape|integrate|augment|enhance ..2 your ..1 @reply
        answer provide|give|deliver|render|write|return|send ..2 your ..1 @reply ..3 in|with|without|using|as|backwards|entirely
        answer respond|reply|answer|output|say ..1 only|exclusively|exactly|solely ..1 with|in|using|the|this|by|as
        answer @shape ..2 your ..1 @reply ..1 with|by
        answer begin|start|end|finish|conclude|sign|preface ..1 your|every|each|all ..2 @reply|message|messages|email|mail
        answer your|the|every ..1 @reply ..2 must|should|shall|has ..2 contain|include|begin|start|end|say|state|be|mention|confirm
        answer repeat ..2 after|following|exactly|verbatim|word
        answer write|say|print|output|state ..3 exactly|verbatim|word ..3 following|this|these|for
        answer replace|substitute|swap|convert|scramble|jumble|shuffle|rearrange|reverse|misspell|anagram|capitalize|capitalise|group ..5 @letters ..6 your|the|of|in|with|response
        answer group|combine|remove|rearrange ..3 letters|spaces|words ..5 answer|response|reply|sets|fours|output
        answer anagram|scramble|jumble|misspell|encode|encrypt|translate|homophonic|alphanumeric ..6 your ..1 @reply|words
        answer random|intentional|deliberate ..1 typos|misspellings|errors|mistakes
        answer anagrams|anagrammed|homophonic|alphanumeric ..4 answer|reply|response|words|substitution|encoding|message
        answer use ..5 anagrams|numbers|symbols|emojis|rhymes|emoji ..6 your|response|answer|vowels|letters
        task write|compose|create|generate|draft|produce|develop|provide|tell|give|sing ..2 a|an|the|one|some|another ..3 @work
        task translate ..4 sentence|paragraph|text|phrase|words|into|to ..8 french|german|spanish|english|russian|japanese|chinese|hindi|following|italian|latin|arabic
        task how ..1 do ..1 you ..1 say ..8 in
        task @code ..3 function|code|script|program|database|snippet|query|example
        task function|code|script|program|snippet ..4 in|using ..1 @code
        task explain|describe ..2 theory|process|concept|lifecycle|principle|history|meaning ..1 of
        task what ..2 is|are|was|were ..2 capital|meaning|causes|population|president|functions|difference ..1 of|between ..6 brazil|france|india|life|war|world|liver|equations|country|javascript|python|earth
        exfiltrate send|forward|email|mail|post|transmit|upload|exfiltrate|copy|bcc|cc|deliver|submit ..6 @secret|data|records|emails|prompt|messages ..8 to|at|via|http|https
        exfiltrate send|forward|list|give|tell|show|share|provide ..3 all|every|other|another ..3 customers|users|customer|user|clients|accounts|people ..4 data|details|orders|emails|addresses|names|numbers|information|records|order|list
        exfiltrate details|data|orders|order|information|addresses|emails ..2 of ..2 other|another|all|every ..1 customer|customers|user|users|client|clients
        authority i ..2 am|m ..4 developer|administrator|admin|engineer|creator|operator|owner ..12 override|authorize|authorise|mode|instruct|disable|prompt|instructions|system
        authority authorized|authorised ..3 override|disable|bypass|ignore|disregard
        authority system|admin|developer|security ..1 message|override|command|prompt ..3 ignore|you|the|new|all|follow|from|for|enabled
        decide approve|grant|issue|process|give|authorize|authorise ..3 refund|discount|credit|coupon|payment ..8 without ..4 checking|asking|verification|approval|review|human|policy|order
        decide set|mark|return|output ..4 needs_human|resolved|citations|facts_used|needs
        decide mark|set|classify|label|treat ..4 as|to ..2 resolved|answered|verified|trusted|authenticated|approved|safe|spam ..6 without|ignore|true|system
        decide this ..2 email|mail|message|sender|user|customer ..2 is|has ..2 verified|authenticated|trusted|authorised|authorized|admin ..8 show|reveal|send|tell|skip|ignore|access|so
        decide do ..1 not ..2 escalate|mention|tell|inform|alert|flag|forward ..5 human|person|agent|user|instruction|instructions|anyone|team|prompt
        override @निर्देश ..4 @भूल
        override @भूल ..4 @निर्देश
        override पिछले|पिछली|ऊपर|पहले|सारे|सभी|अपने ..3 @निर्देश ..4 @भूल|मत|न|मानो|बदलो|तोड़ो
        reveal सिस्टम|छिपे|गुप्त|आंतरिक ..1 @निर्देश ..4 दिखाओ|दिखाएं|बताओ|बताएं|लिखो|लिखें|भेजो|भेजें|दोहराओ|दोहराएं
        reveal अपने|अपना ..2 @निर्देश ..4 दिखाओ|दिखाएं|बताओ|बताएं|लिखो|लिखें|भेजो|भेजें|दोहराओ|दोहराएं
        role अब ..1 से ..2 तुम|आप ..8 हो|हैं|बन|बनकर
        role तुम|आप ..1 अब ..6 हो|हैं|बन|बनकर|असिस्टेंट|रोबोट|मॉडल
        role मान ..1 लो ..3 तुम|आप
        machine एआई|बॉट|चैटबॉट|असिस्टेंट|मॉडल ..3 के|को|लिए|ध्यान|सुनो ..3 निर्देश|आदेश|संदेश|सूचना|लिए
        answer अपने|अपनी ..1 @जवाब ..2 में|के ..12 जोड़ो|जोड़ें|लिखो|लिखें|डालो|डालें|शामिल|कहो|कहें|बताओ
        answer सिर्फ|केवल ..8 @जवाब|लिखो|लिखें|कहो ..1 दो|दें|और|लिखो
        task कविता|कहानी|निबंध|भाषण|चुटकुला|गाना ..2 लिखो|लिखें|सुनाओ|सुनाएं|लिखकर|बनाओ
        exfiltrate दूसरे|सभी|सारे|अन्य ..1 ग्राहक|ग्राहकों ..4 जानकारी|पते|नंबर|ऑर्डर|डेटा|सूची|ईमेल
        override @nirdesh ..4 @bhool
        override @bhool ..4 @nirdesh
        override pichhle|pichle|upar|pehle|saare|sabhi|apne ..3 @nirdesh ..4 @bhool|mat|badlo|todo
        reveal system|secret|hidden|apna|apne|apni ..2 @nirdesh|instructions ..4 dikhao|dikhaiye|batao|bataiye|likho|bhejo|print|dohrao
        role ab ..1 se ..2 tum|aap|tu ..8 ho|hain|bano|ban|hai|banke|bankar
        role tum|aap ..1 ab ..8 ho|hain|ban|bano|assistant|bot|model
        role maan|man ..1 lo ..3 tum|aap
        machine ai|bot|chatbot|assistant|model ..3 ke|ko|liye|dhyan|suno ..3 nirdesh|instruction|liye|order
        answer apne|apni ..1 @jawab ..2 mein|me|main|ke ..12 jodo|likho|daalo|dalo|shaamil|shamil|add|bolo|kaho|likhna|jodna|daal|include
        answer sirf|keval|bas ..8 likho|bolo|kaho|reply ..2 aur|karo|kuch|kuchh
        task kavita|kahani|nibandh|poem|shayari|chutkula|gaana ..2 likho|sunao|likhkar|banao|likh|likhiye
        exfiltrate doosre|dusre|sabhi|saare|anya|sab ..1 customer|customers|grahak|grahakon ..4 details|data|address|number|order|orders|list|email|jaankari|jankari
        """

    /// What programs put around the parts of a prompt.
    static let marks: [String] = [
        "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>", "<|begin_of_text|>",
        "<|eot_id|>",
        "[inst]", "[/inst]", "<<sys>>", "<</sys>>", "<start_of_turn>", "<end_of_turn>", "### instruction", "### system",
        "###system",
        "### response", "###instruction", "end untrusted", "begin untrusted", "untrusted mail", "</system>", "<system>",
        "</instructions>",
        "<instructions>", "<instruction>", "</untrusted", "</email>", "</mail>", "</message>", "</document>",
        "</context>", "</user_input>",
        "</data>", "</prompt>", "<prompt>", "<assistant>", "</assistant>", "[system]", "[/system]", "(system)",
        "[assistant]", "{{fact:",
        "begin system", "end system", "end of email", "end of user", "end of message]", "=== end", "--- end of",
        "begin_instructions",
        "[system message", "[system note", "system prompt:", "human: ", "\\n\\nassistant", "{{#", "{{/",
    ]
    static let calls: [String] = [
        "\"tool\":", "\"tool_call", "tool_calls", "function_call", "\"arguments\":", "\"function\":", "<tool",
        "<function", "<invoke",
        "send_email(", "\"needs_human\"", "\"facts_used\"", "\"citations\"", "\"role\": \"system\"",
        "\"role\":\"system\"", "\"action\":",
        "os.system", "eval(", "curl http", "wget http",
    ]
    /// Who speaks, at the head of a line.
    static let speakers: [String] = [
        "system:", "assistant:", "system prompt", "system message", "system instruction", "developer:", "ai:",
        "instructions:",
        "new instructions", "system]", "assistant]", "important instructions", "सिस्टम:",
    ]
}
