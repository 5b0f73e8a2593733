// Written for this project: what is common where, folded to small ASCII letters; no list of anybody else went in.

extension Gazetteer {
    /// Countries and continents of one word.
    static let countries: StaticString = """
        afghanistan africa albania algeria andorra angola antarctica argentina armenia asia australia austria
        azerbaijan bahamas bahrain bangladesh barbados belarus belgie belgium belize benin bharat bhutan bolivia
        bosnia botswana brazil britain brunei bulgaria burma burundi cambodia cameroon canada chad chile china
        colombia comoros congo croatia cuba cyprus czechia danmark denmark deutschland djibouti dominica ecuador
        egypt england eritrea espana estonia eswatini ethiopia europe fiji finland france gabon gambia georgia
        germany ghana greece greenland grenada guatemala guinea guyana haiti holland honduras hungary iceland india
        indonesia iran iraq ireland israel italia italy jamaica japan jordan kazakhstan kenya kiribati kosovo kuwait
        kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania luxembourg macedonia madagascar
        malawi malaysia maldives mali malta mauritania mauritius mexico micronesia moldova monaco mongolia
        montenegro morocco mozambique myanmar namibia nauru nederland nepal netherlands nicaragua niger nigeria
        norge norway oman osterreich pakistan palau palestine panama paraguay persia peru philippines poland polska
        portugal qatar romania russia rwanda samoa schweiz scotland senegal serbia seychelles singapore slovakia
        slovenia somalia spain sudan suomi suriname sverige swaziland sweden switzerland syria taiwan tajikistan
        tanzania thailand togo tonga tunisia turkey turkmenistan tuvalu uae uganda uk ukraine uruguay usa uzbekistan
        vanuatu venezuela vietnam wales yemen zambia zimbabwe
        """

    /// Places of several words, between commas.
    static let placePhrases: StaticString = """
        abu dhabi, addis ababa, alice springs, andaman and nicobar, andhra pradesh, ann arbor, antigua and barbuda,
        arunachal pradesh, baden wurttemberg, baton rouge, bay area, belo horizonte, bosnia and herzegovina,
        british columbia, buenos aires, burkina faso, cape town, cape verde, cedar rapids, central african republic,
        chula vista, colorado springs, cooch behar, corpus christi, costa rica, czech republic,
        dadra and nagar haveli, dar es salaam, den haag, des moines, dominican republic, east timor, el paso,
        el salvador, equatorial guinea, faroe islands, fort lauderdale, fort wayne, fort worth, frankfurt am main,
        french polynesia, gold coast, grand rapids, great britain, greater noida, green bay, guatemala city,
        himachal pradesh, ho chi minh city, hong kong, isle of man, ivory coast, jammu and kashmir, jersey city,
        kansas city, kuala lumpur, la paz, las vegas, latin america, little rock, long beach, los angeles,
        madhya pradesh, marshall islands, menlo park, mexico city, middle east, milton keynes, mountain view,
        navi mumbai, new brunswick, new caledonia, new castle, new delhi, new hampshire, new jersey, new mexico,
        new orleans, new south wales, new york, new york city, new zealand, nizhny novgorod, north america,
        north carolina, north dakota, north korea, north rhine, northern ireland, northern territory, nova scotia,
        oklahoma city, orange county, palo alto, panama city, papua new guinea, phnom penh, port blair,
        port elizabeth, porto alegre, prince edward island, puerto rico, quezon city, rhode island, rio de janeiro,
        saint louis, saint lucia, saint paul, saint petersburg, salt lake city, san antonio, san bernardino,
        san diego, san francisco, san jose, san juan, san marino, san salvador, santa ana, santa barbara,
        santa clara, santa cruz, santa fe, santa monica, santo domingo, sao paulo, saudi arabia, sierra leone,
        silicon valley, sioux falls, solomon islands, south africa, south america, south australia, south carolina,
        south dakota, south kensington, south korea, south sudan, sri lanka, st louis, st paul, st petersburg,
        tamil nadu, tel aviv, the hague, trinidad and tobago, united arab emirates, united kingdom, united states,
        united states of america, uttar pradesh, vatican city, virginia beach, west bengal, west virginia,
        western australia
        """

    /// Large cities, and localities of the largest of India.
    static let cities: StaticString = """
        aachen aalborg aarhus aberdeen abidjan abuja accra adelaide adyar agartala agra ahmedabad ahmednagar aizawl
        ajmer akola akron akureyri alappuzha albany albuquerque alexandria algiers alicante aligarh alipore
        allahabad almere alwar ambala ameerpet amiens amman amravati amritsar amsterdam anaheim anand
        anantapur anchorage andheri angers ankara antalya antwerp antwerpen arlington arnhem asansol asuncion athens
        atlanta auckland augsburg aurangabad aurora austin baghdad ballygunge baltimore banaras bandra bangalore
        bangkok barcelona bareilly bari baroda basel basra bath bathinda beijing beirut belfast belgaum belgrade
        bellary bengaluru bergen berkeley berlin bern bhagalpur bharuch bhavnagar bhilai bhilwara bhiwandi bhopal
        bhubaneswar bhuj bielefeld bikaner bilaspur bilbao birmingham blackpool bloemfontein bochum bogota boise
        bokaro bologna bolton bombay bonn bordeaux borivali boston bradford braga brasilia bratislava breda bremen
        brest brighton brisbane bristol brno bronx brooklyn bruges brugge brussels bruxelles bucharest budapest
        buffalo bursa busan bydgoszcz caen cairo calcutta calgary cali calicut cambridge canberra cancun caracas
        cardiff casablanca catania chandigarh chandler charleroi charleston charlotte chattanooga cheltenham chembur
        chengdu chennai chicago chittagong chongqing christchurch cincinnati cleveland cluj cochin
        coimbatore coimbra cologne colombo columbus copenhagen cork coventry cracow curitiba cuttack dadar dakar
        dallas damascus darbhanga darjeeling darwin davanagere dayton debrecen dehradun delft delhi denver derby
        detroit dhaka dhanbad dharwad dhule dijon dnipro doha dordrecht dortmund drammen dresden dubai dublin
        dubrovnik duisburg dundee dunedin durban durgapur durham dusseldorf dwarka edinburgh edmonton eindhoven
        ernakulam erode esbjerg espoo essen eugene exeter faisalabad faridabad faro firenze firozabad
        florence fortaleza frankfurt fredrikstad freiburg fresno fukuoka gachibowli gainesville galway gandhinagar
        gangtok gaya gdansk geneva genoa genova gent ghatkopar ghaziabad ghent gilbert giza glasgow glendale
        gloucester gorakhpur goregaon goteborg gothenburg granada graz grenoble groningen guadalajara guangzhou
        guayaquil gulbarga guntur gurgaon gurugram guwahati gwalior gyor haarlem haifa halifax hamburg hamilton
        hangzhou hannover hanoi hanover harare haridwar harstad hartford hauzkhas havana helsingborg helsinki
        heraklion hialeah hinjewadi hiroshima hisar hobart hollywood honolulu houston howrah hsr
        hubli huddersfield huntsville hyderabad iasi ibadan imphal incheon indianapolis indiranagar indore
        innsbruck ipswich irvine islamabad istanbul itanagar izmir jabalpur jacksonville jaipur jakarta jalandhar
        jalgaon jammu jamnagar jamshedpur janakpuri jayanagar jeddah jerusalem jhansi jodhpur johannesburg joinville
        jonkoping junagadh jyvaskyla kabul kakinada kampala kandy kannur kanpur karachi karimnagar karlsruhe karnal
        karolbagh kassel kathmandu katowice kaunas kazan kharghar kharkiv khartoum kiel kiev kigali kingston
        kitchener knoxville kobe kobenhavn kochi kodaikanal kohima kolhapur kolkata kollam koln kopavogur
        koramangala korba kosice kota kothrud kottayam kozhikode krakow kristiansand kukatpally kumasi kuopio kurla
        kurnool kyiv kyoto lagos lahore lahti lajpat lansing larnaca latur lausanne leeds leicester leiden leipzig
        leuven lexington liberec liege lille lima limassol limerick limoges linkoping linz lisboa lisbon liverpool
        ljubljana lodz london louisville luanda lubbock lubeck lublin lucerne lucknow ludhiana lund lusaka luton
        luzern lviv lyon maastricht madhapur madison madras madrid madurai mainz malad malaga malegaon
        malleswaram malmo manali manama manaus manchester mangalore mangaluru manhattan manila mannheim maputo
        marathahalli margao maribor marrakesh marseille mathura mecca medellin medina meerut mehsana melbourne
        memphis mesa metz miami middlesbrough milan milano milwaukee minneapolis minsk miskolc mobile mohali mombasa
        monterrey montevideo montgomery montpellier montreal moradabad moscow mulhouse multan mulund mumbai munchen
        munich munster murcia muscat mussoorie muzaffarnagar muzaffarpur mysore mysuru nagoya nagpur nainital
        nairobi namur nancy nanded nanjing nantes naples napoli nashik nashville navsari nellore newark newcastle
        nice nicosia nijmegen nimes nizamabad noida norfolk norrkoping norwich nottingham novosibirsk nuremberg
        nurnberg nuuk oakland odense odessa olomouc omaha omsk ooty orebro orlando osaka osijek oslo ostrava ottawa
        oulu oxford padua palakkad palermo panaji panchkula panipat panvel paphos paris pasadena pathankot patiala
        patna patras pecs perm perth peshawar peterborough philadelphia phoenix pisa pittsburgh plovdiv plymouth
        plzen pokhara pondicherry poona porbandar portland porto portsmouth powai poznan prague praha prayagraj
        pretoria providence provo puducherry puebla pune quebec queens quetta quilon quito rabat raipur
        rajahmundry rajajinagar rajkot raleigh ranchi rangoon ratlam ratnagiri rawalpindi reading recife regina
        reims rennes reno rewa reykjavik richmond riga rijeka rishikesh riyadh rochester rohini rohtak roma rome
        rostov rotterdam rouen rourkela sacramento sagar saharanpur saket salem saltlake salvador salzburg samara
        sandefjord sangli santiago sapporo sarajevo sarpsborg saskatoon satara satna savannah scottsdale scranton
        seattle secunderabad sendai seoul sevilla seville shanghai sharjah sheffield shenzhen shillong shimla
        siliguri singapore skien skopje sofia solapur sonipat southampton soweto split spokane
        springfield srinagar stavanger stockholm stockton strasbourg stuttgart sunderland surat swansea sydney
        syracuse szczecin szeged tacoma taipei tallahassee tallinn tambaram tampa tampere tartu tehran thane
        thanjavur thessaloniki thiruvananthapuram thrissur tianjin tijuana tilburg timisoara tiruchirappalli
        tirunelveli tirupati tiruppur tokyo toledo topeka torino toronto toulouse tours trichy trieste tripoli
        trivandrum tromso trondheim tucson tulsa tunis turin turku udaipur ufa ujjain umea uppsala utrecht vadodara
        valencia valsad vancouver vantaa vapi varanasi varna vasantkunj vashi vasteras velachery vellore venezia
        venice verona vienna vijayawada vilnius visakhapatnam vizag volgograd wakad warangal warsaw warszawa
        wellington whitefield wichita wien wiesbaden winnipeg winterthur wolverhampton worcester wroclaw wuhan
        wuppertal xian yangon yekaterinburg yokohama york zagreb zaragoza zurich
        """

    /// States, provinces and counties.
    static let states: StaticString = """
        alabama alaska alberta andalusia arizona arkansas assam bavaria bihar brandenburg brittany california
        catalonia cheshire chhattisgarh colorado connecticut cornwall delaware devon dorset essex florida goa
        gujarat hampshire haryana hawaii hesse idaho illinois indiana iowa jharkhand kansas karnataka kashmir kent
        kentucky kerala ladakh lancashire lombardy louisiana maharashtra maine manipur manitoba maryland
        massachusetts meghalaya michigan minnesota mississippi missouri mizoram montana nagaland nebraska nevada
        newfoundland norfolk normandy nunavut odisha ohio oklahoma ontario oregon orissa pennsylvania provence
        punjab queensland rajasthan saskatchewan saxony sicily sikkim somerset suffolk surrey sussex tasmania
        telangana tennessee texas thuringia tripura tuscany utah uttarakhand uttaranchal vermont virginia washington
        wisconsin wyoming yorkshire yukon
        """

    /// Nations, religions and parties.
    static let peoples: StaticString = """
        afghan african agnostic albanian algerian american andorran anglican angolan arab arabic argentine
        argentinean argentinian armenian asian assamese atheist australian austrian azerbaijani bahamian bahraini
        bangladeshi baptist barbadian belarusian belgian belizean belizian bengali beninese bhutanese bihari
        bolivian bosnian brahmin brazilian british briton bruneian buddhist bulgarian burmese burundian cambodian
        cameroonian canadian catholic caucasian chadian chilean chinese christian colombian communist congolese
        conservative croat croatian cuban cypriot czech dalit dane danish democrat djiboutian dominican dutch
        dutchman ecuadorean ecuadorian egyptian emirati english englishman englishwoman eritrean estonian ethiopian
        european fijian filipino finn finnish french frenchman frenchwoman gabonese gambian georgian german ghanaian
        greek greenlander grenadian guatemalan guinean gujarati guyanese haitian hindu hispanic honduran hungarian
        icelander icelandic indian indonesian iranian iraqi irish irishman islamic israeli italian ivorian jain
        jamaican japanese jew jewish jordanian kannadiga kashmiri kazakh kenyan korean kurdish kuwaiti kyrgyz
        laotian latina latino latvian lebanese liberal liberian libyan lithuanian lutheran luxembourgish macedonian
        malagasy malawian malay malayali malaysian maldivian malian maltese marathi marxist mauritian methodist
        mexican moldovan monegasque mongolian montenegrin mormon moroccan moslem mozambican muslim namibian nepalese
        nepali nicaraguan nigerian nigerien norwegian odia omani orthodox pakistani palestinian panamanian
        paraguayan parsi persian peruvian pole polish portuguese protestant punjabi qatari rajasthani rajput
        republican romanian russian rwandan salvadoran samoan saudi scot scottish senegalese serb serbian shia shii
        shiite sikh singaporean slovak slovakian slovene slovenian socialist somali spaniard spanish sudanese sunni
        surinamese swazi swede swedish swiss syrian taiwanese tajik tamil tanzanian telugu thai togolese tongan
        tunisian turk turkish turkmen ugandan ukrainian uruguayan uzbek venezuelan vietnamese welsh welshman yemeni
        zambian zimbabwean zoroastrian
        """
}
