extension ReviewWords.Lists {
    /// English.
    static let english = ReviewWords.Lists(
        binding: """
            a an the of to at in on for that which it its it's is are was were be been being am do does did will would shall have \
            has had having can could may might this these those there here as so your yours our ours my mine their theirs his her \
            them they he she him with by into onto about who whom whose what how simply just kindly please yourself itself \
            themselves ourselves myself one get gets getting such per out up off
            """,
        limits: """
            before after until till unless if when whenever once while during since within over under above below least most more \
            less only solely except excluding besides instead than must should need needs required from against first last next \
            same different other another new between earlier later longer latest beyond exceeding through whether provided \
            otherwise though although yet own
            """,
        negations: """
            not no never none nothing nobody neither nor without cannot unable impossible hardly
            """,
        wide:
            "any all every each always both whole also too even again still everything everybody anything anytime ever",
        we: "we us i me", you: "you", joints: "and but or & plus",
        synonyms: """
            product=item products=item piece=item pieces=item article=item articles=item goods=item package=parcel packages=parcel \
            shipment=parcel telephone=phone mail=e-mail email=e-mail emails=e-mail mails=e-mail cancellation=cancel \
            cancelled=cancel canceled=cancel cancelling=cancel canceling=cancel ship=dispatch shipped=dispatch shipping=dispatch \
            shipment=parcel purchase=buy bought=buy working=business postcode=postcode zip=postcode fee=charge fees=charge \
            sent=send paid=pay got=receive chose=choose chosen=choose select=choose pick=choose began=begin begun=begin start=begin \
            made=make told=tell wrote=write written=write left=leave kept=keep took=take taken=take broke=break broken=break
            """,
        courtesy: """
            hello hi hey dear greetings good morning afternoon evening day week weekend thank thanks thankful many much very lot \
            grateful appreciate appreciated regards best kind warm sorry apologise apologize apologies apology regret \
            inconvenience trouble frustration frustrating annoying disappointing disappointed delay concern worry worrying unfortunate \
            understand understandable patience patient bear hear hope hopefully happy glad gladly pleased pleasure welcome delighted \
            help helps helpful assist assistance support question questions ask asking asked answer answers answered query inquiry \
            enquiry request message note reply replies respond response write writing wrote contact contacting reach reaching \
            touch let know feel free hesitate want wish would like here below above following follows find found look see read \
            information details detail info page pages say says about regarding concerning as second other first point further \
            anything something else unclear clear more matter topic subject this that time moment try \
            person people human colleague colleagues team member customer service desk shop us step \
            nice lovely great wonderful luck enjoy soon take care sincerely yours faithfully interest interested choosing love \
            explain explains summary short brief general overview useful tell order's today's news caused causing cause completely value valued situation case issue problem
            """,
        anchors: """
            thank thanks sorry apologise apologize apologies apology regret understand reply respond question questions ask asking asked answer \
            query inquiry enquiry about regarding concerning contact contacting writing message hope interest interested here below \
            following
            """,
        record: """
            order orders ordered place placed parcel package shipment delivery deliver delivered item items product quantity total \
            amount sum carrier courier local tracking track number page link follow date expected expect estimated estimate arrive arrival \
            arrived reach reached method payment pay paid invoice refund refunded status state stage record records system current \
            currently now account dispatch dispatched ship shipped sent left leave hand handed way transit travelling road out being \
            prepare prepared preparing process processed processing pack packed pending waiting wait received receive cancelled \
            returned return requested approved issued rejected refused late delayed overdue by already according latest day \
            download view open expecting
            """,
        policy: """
            free=free complimentary=free gratis=free guarantee=guarantee guaranteed=guarantee guarantees=guarantee refund=refund \
            refunds=refund refunded=refund refundable=refund reimburse=refund reimbursement=refund cancel=cancel cancelled=cancel \
            cancellation=cancel discount=discount discounted=discount coupon=coupon voucher=voucher cashback=cashback rebate=discount \
            compensation=compensation compensate=compensation replacement=replacement replace=replacement warranty=warranty \
            exchange=exchange waive=waive waived=waive credit=credit bonus=bonus gift=gift insurance=insurance insured=insurance \
            promise=guarantee lifetime=guarantee unlimited=guarantee entitled=right liable=right penalty=charge fee=charge
            """,
        actions: """
            cancel refund change replace send resend dispatch ship call phone contact forward escalate arrange book update transfer credit \
            waive process initiate issue pay compensate return exchange correct delete remove close reset merge approve grant give offer \
            reserve hold redirect stop schedule confirm activate deactivate unsubscribe subscribe register investigate check prioritise \
            prioritize expedite reimburse apply deduct charge inform notify ensure make deliver collect
            """)
}
