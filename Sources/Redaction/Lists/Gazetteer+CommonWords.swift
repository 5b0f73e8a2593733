// Written for this project: what is common where, folded to small ASCII letters; no list of anybody else went in.

extension Gazetteer {
    /// Everyday words of English and romanised Hindi: with a capital they are no names.
    static let commonWords: StaticString = """
        a aadhaar aadhar aaj aap aapka aapke aapki abhi about above absolutely accept access accha accident
        according account accounts acha across act action active activity actor actually add addition additional
        address addresses adult advance advice affair afraid after afternoon again against agar age agency agent ago
        agree agreement ah ahead air album all allergy allow allowed almost alone along already also although always
        am amazon amex among amount an analysis and android angry animal annual another answer any anybody anyone
        anything anyway apart apartment api apologies apology app apparently appear apple applicant application
        apply appointment appreciate approach appropriate approve area arent argue argument arm around arrange
        arrangement arrival arrive art article as asap ask asleep assistance assistant associate assume at atm
        attach attached attempt attend attention attn attorney audience aunt aur author authority automatic
        available avenue average avoid awaiting award aware away awb awful baby back background bad badly bag bahut
        balance ball band bank banking bar base based basic basis basket bata bataiye batao bathroom battery bcc be
        beach bear beat beautiful beauty because become bed bedroom bedsheet been before began begin beginning
        behalf behind being belief believe below beneficiary benefit beside best better between beyond bhai bhaiya
        bhi bic bicycle big bike bill billing bird birth birthday bit bitcoin black blink block blocked blog blood
        blow blue bluetooth board boarding boat body bohot bonus book booking border born boss bot both bots bottle
        bottom bought bowl box boy branch brand brass brave bread break breakfast bridge brief bright bring broke
        broken brother brought brown browser btw budget bug build building built bus business busy but button buy
        buyer by cabin cable cake call called calling calm came camera campaign can cancel cancellation cancelled
        candidate candle cannot cant capital capitalized car card cards care careful carefully carpet carrier carry
        case cash catalogue catch category caught cause cc cd ceiling celebrating cell center central centre ceo
        ceramic certain certainly certificate cfo chahiye chain chair chance change changed channel chapter
        character charge charged charges charity chart cheap check checked checking cheers cheese chest chicken
        chief child children chocolate choice choose chose christmas church circle citizen city claim claimant class
        classic clause clay clean clear clearly clerk click client climb clinic clock close closed cloth clothes
        cloud club cmon cmon coach coast coat cod code coffee cold colleague collect collection college colony color
        colour come comfortable comment comments commercial commission committee common community company compare
        compared complain complaint complete completed completely computer concern concerned concerning condition
        conditions conference confirm confirmation confused congratulations connect connection consider contact
        contacted contain contents contest context continue contract control conversation coo cook cookie cool
        copper copy corner correct correctly cost cotton could couldnt council count country couple coupon courier
        course court cousin cover coverage crack cracked cream create created credentials credit cross crowd cry
        crypto cto culture cup current currently curtain cushion custom customer customers customs cut cvv daily
        damage damaged damn dance danger dark data database date daughter day days dead deal dealer dear death debit
        debt decade decide decided decision deck declare deductible deep default defect defective defendant
        definitely degree delay delayed delete deliver delivered delivery demand dena dengue department departure
        depend deposit der describe description design desk desktop despite detail details develop device devil
        dhanyavad dhanyawad diabetes diagnosis did didi didnt die died difference different difficult dijiye din
        dinner direct direction directly director dirty disappointed disappointing discipline discount discuss dish
        dispatch dispatched display distance district divorced diwali dns do dob doc doctor document documents docx
        does doesnt dog doing dollar done dont door double doubt down download dozen draft draw drawing dream dress
        drink drive driver driving drop due dukan dupatta during dust duty dvd e-mail each ear earlier early earn
        earth ease easily east easter easy eat economic economy edge edit education effect effort eid eight either
        elderly electric electronic eleven else email emails emergency emi employee employer empty enclosed end
        ending engine engineer english enjoy enough enquiry enrollment ensure enter entire entry envelope
        environment eod epic equal equipment error especially est estimate eta etc ethereum eur even evening event
        eventually ever every everybody everyone everything everywhere evidence exact exactly example excellent
        except exchange exchanged excited excuse executive exist expect expected expensive experience expiry explain
        explained express extra extremely eye fabric face facebook facility fact factory fail failed failure fair
        fairly fall false family famous fan faq far farm fast father fault faulty favor favour favourite fax fear
        feature federal fee feed feedback feel feeling feet fell felt female few field fifteen fifth fifty fight
        figure file fill film final finally finance financial find fine finger finish finished fire firewall firm
        first fish fit five fix fixed flag flat flight flipkart floor flow flower fly focus folk follow following
        fone food foot football for force foreign forest forever forget forgot form formal former forms forth forty
        forward found four fourth frame free frequently fresh friday friend friendly friends from front fruit
        frustrated full fully fun function fund funny furniture further furthermore future fw fwd fyi gain galat
        game garden gas gate gather gave gaya gayi gbp gear gender general generally gentleman gentlemen get getting
        ghar gift girl give given glad glass glaze gmail gmt go goal god goes going gold gone gonna good goods
        google got gotta government gpa gps grade grahak grand grandfather grandmother grant grateful great greater
        greatly green greetings grey ground group grow growth gst gstin guarantee guard guardian guess guest guide
        guilty guitar gun guy guys haan had hai hain hair half hall halloween hand handle handmade hands hanukkah
        happen happened happy hard hardly has hasnt hat hate have havent having he head health hear heard heart heat
        heavy height held helicopter hello help helped helpful hence her here hereby hers herself hes hey hi hidden
        high higher highly him himself hint his history hit hmm hold holder hole holi holiday holidays home honest
        honestly hoon hope hoping horrible horse hospital hosted hot hotel hour hours house how however hr hra hsn
        html http https hua hue huge huh hui human hun hundred hungry hurry hurt husband iban ice id idea ids if
        ifsc ignore ill im image imagine immediate immediately immigration imo impact import important impossible
        impressed improve imps in inbox inch include included including income inconvenience incorrect increase
        indeed index indian indicate individual industry info inform information informed initial inject inquire
        inquiry inr inside instagram installed instead institute instruction instructions insurance intend intent
        interest interested interesting internal international internet interview into introduction inventory invest
        investment invoice invoices involve ip ipad iphone is iska iski isliye isnt issue issues ist it item items
        itinerary its itself ive jaldi january jewellery ji job join joined joint joke journal journey jpeg jpg
        judge jump jury just ka kab kahan kaise kal kar karein karna karo ke keep kept key keyboard kharab ki kick
        kid kids kill kind kindly king kitchen kiya kiye knew knife know known ko kripya kuch kurta kya kyc kyon
        kyun kyunki label labor lack lady lake lamp land landline landlord landmark lane language laptop large last
        late lately later latest laugh law lawsuit lawyer lay le lead leader leading leaf league learn lease least
        leather leave left leg legal lekin length less lesson let lets letter level licence license lid lie life
        lift light like likely limit limited line linen lines link linkedin links linux list listed listen little
        live lived living liya lo load loan local located location lock log login lol long longer look looked
        looking lose loss lost lot lots loud love loved lovely lover low lower luck lucky luggage lunch lyrics maal
        mac machine mad madad madam made maestro magazine mahine mail mailed mailing main mainly maintain major make
        making male man manage managed management manager managing manual many map march mark market marriage
        married mass master mastercard match mate material matter maximum may maybe md me meal mean means meant
        measure meat media medical medicine meet meeting mein member membership memory men mention mentioned menu
        mera merchant mere meri message messages met metal method microsoft middle might mild mile milk million mind
        mine minimum minister minor minute minutes mirror miss missed missing mission mistake mix mobile mode model
        modern modify moment monday money monitor month monthly months moon more moreover morning mortgage most
        mostly mother motor mountain mouse mouth move moved movement movie mr mrs ms much mug mujhe mujhko multiple
        music musicians must mute mutual my myself naam nagar nahi nahin nam namaskar namaskaram namaste name named
        names nation national nationality natural nature navratri nb near nearby nearly necessary neck need needed
        needs neft negative neighbor neighbour neither nephew network never nevertheless new news next nhs nice
        niece night nine nino no nobody none nor normal normally north nose not note notes nothing notice noticed
        notification now nric number numbers nurse object obvious obviously occasion occur october odd of off offer
        offered office officer official often oh oil ok okay old omg on onam once one ones online only onto open
        opened operate operation operator opinion opportunity opposite option options or orange order ordered orders
        ordinary organic original other others otherwise otp our ours ourselves out outcome outlook outside over
        overall overdraft own owner paas pack package packages packaging packed packet page paid pain paint painted
        pair paisa paise pan paper par paragraph parcel parcels pardon parent parents park parso part particular
        particularly parties partner partners parts party pass passed passenger passport password past pata patience
        patient pattern pay paying payment payments paypal payroll paytm pc pdf pe peace pedestrians pen pending
        pension people per percent perfect perfectly perform performance perhaps period permanent permission person
        personal pharmacy phone photo photos phrase pick picked pickup picture piece pieces pin pincode pink place
        placed plain plaintiff plan plane planned plant plate plates play player please pleased pleasure pleasures
        plenty pls plus plz pm png pno pocket point points police policy policyholder political pongal poor popular
        porch position positive possible possibly post postage postcode posted pot pottery pound power practice
        prefer premium prepare prescription present president press pressure pretty prevent previous previously
        price prices pride primary print printed printer prior private probably problem problems proceed process
        processed produce producer product products professional professor profile profit program progress project
        promise promised promo promotion promptly proof proper properly property protect proud prove provide
        provided provider ps pst public pull purchase purchased purpose push put qr quality quantity quarter queen
        queries query question questions quick quickly quiet quite quote race radio raha rahe rahi rain raise raised
        rakhi ramadan ran range rate rather rating raw razorpay re reach reached read reader ready real realise
        realize really reason reasonable receipt receive received recent recently recipient recommend record recover
        red reduce refer reference referred refund refunded refunds refuse regard regarding regards region register
        registered registration regret regular regularly reject related relation relationship release religion
        remain remember remind reminder remove removed rent repair repeat replace replaced replacement replied reply
        report represent request requested require required research reservation reset resident resolve resolved
        respect respond response responsible rest restaurant result resume retirement return returned returning
        returns reveal review reviews rich ride right ring rise risk river road rock role roll room round router row
        rtgs rug rule rules run running rupay rupaye rush saal saath sab sad safe safely safety sahi said salary
        sale sales salt samaan saman same sample saree sari sat saturday save saved savings saw say saying says
        scale scarf schedule scheduled scholarship school science scratch screen screenshot se sea search season
        seat second secondary secret section sector secure security see seem seems seen select selected selection
        self sell seller semester send sender sending sense sent separate september serial series serious seriously
        serve server service services session set settings settle settlement seva seven several severe sewa shall
        shampoo shape share shared she sheet shelf shes shift shine ship shipment shipped shipping shirt shock shoe
        shoes shop shopping short shortly should shoulder shouldnt show showed shown shukriya side sign signature
        signed significant silk silver similar simple simply since sincere sincerely sing singer single sir sister
        sit site situation six sixth size skill skin sku sky sleep slight slightly slow slowly small smart smell
        smile smoke smooth sms so soap social society soft software sold some somebody someone something sometimes
        somewhere son song songs soon sooner sorry sort sound source south space speak speaking special specific
        speech speed spell spend spoke sport spouse spring ssn staff stage stamp stand standard star start started
        starting state stated statement states station status stay steel step steps stick still stock stole stolen
        stone stop store stories storm story straight strange street strike strong structure stuck student study
        stuff style subject submit subscribe subscription success successful such sudden suddenly suggest suggested
        suit suite summer sun sunday supplier supply support suppose sure surely surface surgery surprise surprised
        suspect sweet swift switch symptoms system table tablet tak take taken taking talk tall taluka tap tape task
        taste tax taxi taxpayer tba tbd tea teach teacher team tear technical technology tehsil tel tell telling
        temperature ten tenant tend term terminal terms terracotta terrible test text tha than thank thankful
        thanking thanks thanksgiving that thats the theek theft their theirs them themselves then therapy there
        therefore theres these they theyre thi thick thik thin thing things think third thirty this thoda those
        though thought thousand three through throughout throw thursday thus thx ticket tie till time times tiny tip
        tired title to today together toh toilet token told tomorrow tone tonight too took tool toota top total
        totally touch tough toward towards towel tower town toy track tracking trade train training transaction
        transfer transport travel traveling travelling treat treaty tree trial tribute tried trip trouble truck true
        truly trust truth try trying tube tuesday tuition turn turned tuta tv twelve twenty twice twitter two ty
        type typical ugly uh uidai uk um unable unacceptable uncle under understand unfortunately unhappy unique
        unit united university unless unlike until unusual up update updated updates upgrade upi upload upon upset
        urgent urgently uri url us usa usage usb usd use used useful user userid username users using uska uski
        usual usually utc vacation valentine valid value vapas various vase vat vehicle vendor version very via
        video view village visa visit voice void volume vote voter voucher vp wage wait waited waiting wake wala
        wale wali walk wall wallet wanna want wanted wapas war warm warranty was wash washed wasnt waste watch water
        wave way we wear weather web website wednesday week weekend weekly weeks weight welcome well went were
        werent west weve what whatever whats whatsapp wheel when whenever where whereas wherever whether which while
        white who whoever whole whom whose why wide widow wife wifi wild will willing win wind window windows wine
        winner winter wire wisdom wish wishes with withdraw within without witness wo woh woman women won wonder
        wonderful wondering wont wood wooden word words work worked worker working works world worried worry worse
        worst worth would wouldnt wow write writer writing written wrong wrote www xmas yall yard ye yeah year
        yearly years yeh yellow yep yes yesterday yet you young your youre yours yourself youth youtube youve zero
        zip zipcode zombie zyada
        """
}
