// Written for this project: the words that make addresses, firms, forms of address and professions.

extension Gazetteer {
    /// What ends the name of a street.
    static let streetEnds: StaticString = """
        street st road rd avenue ave av lane ln drive dr boulevard blvd way court ct place pl square sq terrace crescent
        close circle cir highway hwy parkway pkwy alley row mews gardens grove hill rise walk wharf quay plaza loop trail
        path pike turnpike expressway freeway bypass causeway marg gali chowk nagar vihar colony layout enclave extension
        path path puram bagh bazaar bazar market society apartments residency heights towers tower villa villas cross
        main sector phase block ward mohalla wadi pada peth puri sarani rasta salai veedhi circus mandir chambers
        strasse gasse weg platz allee damm ufer ring gade vej gata gatan vagen vag katu tie straat laan plein kade gracht
        utca ut utja ter korut ulica ulice namesti trida trg cesta ulitsa prospekt sokak caddesi cadde
        extensions squares forks harbor harbors harbour junction junctions ridge ridges station stations spring springs
        view views village villages center centers centre valley valleys canyon canyons corner corners course courts
        crossing crossroad crossroads curve dale dam divide estate estates expressways falls ferry field fields flat flats
        ford forest forge fort garden gateway glen glens green greens groves haven hills hollow inlet island islands isle
        key keys knoll knolls lake lakes landing light lights lock locks lodge manor manors meadow meadows mill mills
        mission motorway mount mountain mountains neck orchard oval overpass park parks parkways pass passage pine pines
        plain plains point points port ports prairie radial ramp ranch rapid rapids rest river roads route shoal shoals
        shore shores spur spurs stravenue stream streets summit throughway trace track trafficway tunnel union unions
        viaduct ville vista walks wall well wells burg burgs bluff bluffs bottom branch bridge brook brooks camp cape
        cliff cliffs club common commons cove coves creek drives
        """

    /// Street ends that are written with a capital and a number only in an address.
    static let strongStreetEnds: StaticString = """
        street st road rd avenue ave lane ln drive dr boulevard blvd court ct terrace crescent highway hwy parkway pkwy
        close square sq plaza circle cir marg gali chowk nagar vihar colony layout enclave puram bagh residency
        apartments mohalla peth sarani salai strasse gasse straat laan utca ulica ulice namesti gade vej gatan vagen
        extensions squares forks springs junction ridges crossroad crossroads
        """

    /// What begins the name of a street, before its name and number.
    static let streetStarts: StaticString = """
        rua avenida av travessa alameda praca rodovia estrada rue boulevard bd quai chemin impasse allee cours calle
        paseo plaza carrer camino carretera via viale corso piazza vicolo largo strada ul ulica aleja al os plac trg
        ulitsa str strada bulevardul sokak rruga jalan jln lorong soi c/ urb
        """

    /// Parts of a building, before or after their number.
    static let units: StaticString = """
        apt apartment suite ste unit flat room floor flr fl building bldg block tower wing plot house door villa shop
        office gate box pobox psc khasra survey sector phase hno gala shed bungalow quarter cabin lot bay
        """

    /// What ends the name of a firm, after anything.
    static let firmEnds: StaticString = """
        inc incorporated ltd limited llc llp lp plc pvt corp corporation gmbh ag kg ug ohg mbh bv nv oy oyj ab asa aps
        srl spa sarl sas kft zrt sro doo pty co company
        """

    /// What ends the name of a firm or institution, after another capitalised word.
    static let firmWords: StaticString = """
        bank banks university college school institute institution hospital clinic foundation association federation
        council committee commission ministry department bureau authority agency union trust fund group holdings partners
        associates industries enterprises ventures capital finance financial insurance investments securities systems
        technologies technology tech software solutions services labs laboratories networks network media press
        publications publishing records entertainment studios pictures motors automotive airlines airways aviation
        logistics freight express shipping railways energy power petroleum oil gas mining steel chemicals pharma
        pharmaceuticals healthcare health foods beverages textiles apparel fashion retail stores supermarket restaurants
        hotels resorts realty properties builders construction infrastructure engineering consulting consultants
        advisors international global worldwide communications telecom telecommunications mobile electronics
        semiconductors instruments devices robotics analytics data cloud digital interactive games sports times post
        herald tribune gazette journal society club league bakery cafe brothers bros sons
        """

    /// Well-known firms.
    static let firms: StaticString = """
        google microsoft amazon facebook meta apple ibm oracle intel nvidia samsung sony toyota honda nissan hyundai ford
        volkswagen bmw audi mercedes tesla netflix adobe cisco dell lenovo huawei xiaomi nokia ericsson siemens bosch
        philips unilever nestle pepsico cocacola mcdonalds starbucks nike adidas puma ikea walmart costco tesco carrefour
        lidl aldi boeing airbus fedex ups dhl deloitte kpmg accenture mckinsey capgemini infosys wipro tcs cognizant
        flipkart myntra swiggy zomato paytm phonepe ola uber lyft airbnb spotify twitter linkedin salesforce sap vmware
        hsbc barclays citibank citigroup jpmorgan goldman sachs morgan ubs icici hdfc axis sbi kotak reliance tata birla
        mahindra bajaj maruti airtel jio vodafone verizon comcast pfizer novartis roche bayer merck sanofi astrazeneca
        chevrolet chrysler buick general motors reuters bloomberg experian equifax transunion blackrock nasdaq
        """

    /// What comes before a name: forms of address. Some are everyday words and are no sign alone.
    static let honorifics: StaticString = """
        mr mrs ms miss mx dr prof professor sir dame shri shree smt sri kumari kum herr frau monsieur madame mme mlle senor
        senora srta sra sr don dona signor signora pan pani rev fr capt captain col maj lt sgt hon
        """

    /// What may stand between the words of a name in small letters.
    static let particles: StaticString = """
        de da do dos das del della di du la le les van von der den ter ten vom zu zum zur af av bin ibn bint al el ul abu
        y e i
        """

    /// What ends the name of a profession.
    static let professions: StaticString = """
        manager engineer director officer assistant analyst consultant developer designer administrator clerk technician
        specialist operator supervisor accountant nurse teacher driver cleaner installer librarian attendant controller
        distributor worker soldier programmer architect scientist researcher professor lecturer instructor trainer coach
        therapist physician surgeon dentist pharmacist veterinarian paramedic lawyer attorney paralegal judge secretary
        receptionist cashier salesperson salesman representative agent broker dealer buyer planner coordinator executive
        president chairman founder editor writer author journalist reporter photographer artist musician actor dancer
        chef cook baker waiter waitress bartender butcher farmer gardener fisherman carpenter electrician plumber mechanic
        welder painter roofer mason machinist inspector guard policeman firefighter detective pilot captain steward
        conductor dispatcher courier mechanic optician audiologist counselor psychologist economist statistician
        mathematician chemist biologist physicist geologist surveyor cartographer auditor appraiser underwriter actuary
        teller collector translator interpreter tailor barber hairdresser stylist janitor housekeeper maid nanny caretaker
        laborer labourer packer loader assembler foreman superintendent strategist recruiter generalist marketer merchant
        illustrator animator producer cinematographer curator archivist historian sociologist anthropologist ceo cto cfo
        coo vp intern trainee apprentice echocardiographer sonographer radiologist technologist cutter grinder
        """

    static let months: StaticString = """
        january february march april may june july august september october november december jan feb mar apr jun jul aug
        sep sept oct nov dec januar februar marz mai juni juli oktober dezember janvier fevrier mars avril juin juillet aout
        septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
        diciembre
        """

    static let weekdays: StaticString = """
        monday tuesday wednesday thursday friday saturday sunday
        """

    /// After these a capitalised word nobody knows is a place.
    static let placeLeads: StaticString = """
        in to from at near visit visiting visited via leave leaving toward towards outside inside around
        """

    /// After these a capitalised word nobody knows is a person.
    static let personLeads: StaticString = """
        hi hello dear hey by with call called named name meet met tell told ask asked saw contact attn hon uncle aunt
        brother sister friend husband wife son daughter mother father colleague boss and cc user patient employee
        customer client applicant tenant namaste hola ciao hallo bonjour
        """

    /// After these a capitalised word nobody knows is a firm.
    static let firmLeads: StaticString = """
        company firm employer startup vendor corporation bank
        """

    /// Before these a capitalised word nobody knows is a firm.
    static let firmFollowers: StaticString = """
        website office offices employees shares stock headquarters ceo announced invested acquired
        """

    /// What comes before a postcode.
    static let zipLeads: StaticString = """
        zip zipcode postcode postal pincode pin plz cep postleitzahl eircode पिनकोड पिन
        """

    /// Devanagari given names.
    static let hindiGivenNames: StaticString = """
        राम राहुल रोहित रोहन राजेश राकेश रमेश सुरेश महेश मुकेश दिनेश गणेश योगेश नरेश नीलेश कमलेश अमित अजय विजय संजय मनोज विनोद
        प्रमोद अशोक आलोक विवेक दीपक पंकज नीरज सूरज धीरज मनीष आशीष गिरीश हरीश सतीश जगदीश अनिल सुनील कपिल निखिल राजीव संजीव
        रवि कवि शशि अरुण वरुण तरुण करण अर्जुन कृष्ण कृष्णा गोपाल मोहन सोहन रमन पवन चंदन नंदन मदन अनुज मयंक शशांक अंकित सुमित
        रोहिणी अभिषेक अभिजीत विकास प्रकाश आकाश अविनाश विशाल कुणाल गोपाल राजपाल धर्मेंद्र महेंद्र राजेंद्र सुरेंद्र नरेंद्र जितेंद्र देवेंद्र वीरेंद्र
        श्याम घनश्याम शिवम सत्यम अक्षय संतोष परितोष इमरान सलमान शाहरुख आमिर इरफान जावेद अनवर सलीम करीम रहीम अब्दुल मोहम्मद
        मुहम्मद आरिफ आसिफ शाहिद राशिद फैज़ल हरप्रीत गुरप्रीत मनप्रीत जसप्रीत
        प्रिया सुनीता अनीता कविता सविता बबीता संगीता गीता सीता मीता रीता नीता ललिता अमृता अंकिता निकिता रेखा सुरेखा राखी साक्षी
        लक्ष्मी मीनाक्षी मीना वीणा रीना टीना बीना हिना नीना करीना कैटरीना सीमा रीमा हेमा उमा रमा क्षमा नेहा स्नेहा श्वेता अर्चना रचना
        कल्पना वंदना साधना भावना अल्पना सपना मंजू अंजू संजू अंजलि गीतांजलि दीपाली रूपाली सोनाली वैशाली शालिनी नंदिनी मोहिनी रागिनी
        कामिनी यामिनी पद्मिनी मधु वसुधा सुधा राधा मेघा रेणु वीनू पूनम नीलम रेशम शबनम फ़ातिमा आयशा सलमा शबाना रुखसाना नसरीन ज़ीनत
        अनन्या ऐश्वर्या दिव्या विद्या संध्या काव्या नव्या भव्या श्रेया रिया जिया दीया सिया शिल्पा कृति प्रीति स्वाति भारती मालती आरती
        किरण सरोज सुमन कुसुम पुष्पा चंपा चमेली पारुल कोमल शीतल पायल काजल मानसी तुलसी उर्वशी पल्लवी वैष्णवी माधवी जाह्नवी
        """

    /// Devanagari family names.
    static let hindiFamilyNames: StaticString = """
        शर्मा वर्मा गुप्ता सिंह कुमार कुमारी पटेल शाह मेहता जोशी देसाई त्रिवेदी पांडेय पाण्डेय पांडे मिश्रा मिश्र तिवारी दुबे शुक्ला अग्रवाल जैन
        बंसल गोयल गर्ग मित्तल सिंघल खंडेलवाल माहेश्वरी कपूर खन्ना चोपड़ा मल्होत्रा अरोड़ा सेठी भाटिया आहूजा कोहली धवन टंडन मेहरा
        सहगल बजाज बत्रा चड्ढा चावला गांधी गिल सिद्धू कौर सोढ़ी सैनी रावत नेगी बिष्ट ठाकुर चौहान राठौर राठौड़ राजपूत सोलंकी परमार पाटिल
        देशमुख कुलकर्णी देशपांडे जाधव पवार शिंदे गायकवाड़ चव्हाण सावंत बनर्जी चटर्जी मुखर्जी भट्टाचार्य चक्रवर्ती सेनगुप्ता दासगुप्ता दत्ता घोष
        बोस सरकार मंडल अय्यर नायर मेनन पिल्लई रेड्डी राव नायडू चौधरी यादव सक्सेना माथुर भटनागर निगम श्रीवास्तव सिन्हा झा ओझा
        महतो पाठक चतुर्वेदी द्विवेदी वाजपेयी अवस्थी दीक्षित उपाध्याय खान अंसारी कुरैशी सिद्दीकी शेख सैयद पठान मिर्ज़ा बेग
        """

    /// Devanagari names of cities and states.
    static let hindiPlaces: StaticString = """
        दिल्ली मुंबई मुम्बई कोलकाता चेन्नई बेंगलुरु बेंगलूर बैंगलोर हैदराबाद अहमदाबाद पुणे जयपुर लखनऊ कानपुर नागपुर इंदौर ठाणे भोपाल पटना
        वडोदरा गाजियाबाद लुधियाना आगरा नासिक फरीदाबाद मेरठ राजकोट वाराणसी श्रीनगर औरंगाबाद धनबाद अमृतसर प्रयागराज इलाहाबाद रांची
        हावड़ा जबलपुर ग्वालियर जोधपुर रायपुर कोटा गुवाहाटी चंडीगढ़ मैसूर बरेली अलीगढ़ गुड़गांव गुरुग्राम मुरादाबाद जालंधर भुवनेश्वर
        गोरखपुर बीकानेर नोएडा जमशेदपुर देहरादून अजमेर उज्जैन झांसी उदयपुर मथुरा हरिद्वार ऋषिकेश शिमला सूरत
        महाराष्ट्र गुजरात राजस्थान पंजाब हरियाणा बिहार झारखंड छत्तीसगढ़ ओडिशा उत्तराखंड असम केरल कर्नाटक तेलंगाना गोवा भारत नेपाल
        पाकिस्तान अमेरिका
        """

    /// Devanagari parts of an address.
    static let hindiAddressWords: StaticString = """
        मार्ग रोड नगर गली सड़क कॉलोनी मकान फ्लैट सेक्टर विहार चौक मोहल्ला बाज़ार बाजार अपार्टमेंट सोसाइटी प्लॉट मंजिल ब्लॉक
        """

    /// Devanagari months.
    static let hindiMonths: StaticString = """
        जनवरी फरवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर सितम्बर अक्टूबर अक्तूबर नवंबर नवम्बर दिसंबर दिसम्बर
        """
}
