// Written for this project: what is common where, folded to small ASCII letters; no list of anybody else went in.

extension Gazetteer {
    /// Family names.
    static let familyNames: StaticString = """
        abbasi abbott abe aberg acevedo acharya acosta adamczyk adams adebayo adeyemi adkins agarwal aggarwal
        agrawal aguilar aguirre ahmed ahonen ahuja albrecht alekseev alexander alfaro ali allen allison almeida
        alvarado alvarez alves amato anand andersen anderson andersson andrade andreassen andreev andrews ansari
        antal anthony aoki apte araujo archer arellano arias armstrong arnaud arnold arora arroyo arslan arvidsson
        asante ashley ashworth aslan atkins atkinson atwood aubert austin avalos avery avila awasthi axelsson ayala
        aydin ayers azevedo baader babic babu bai baig bailey bajaj bajpai baker bakken bakker balasubramanian
        balazs baldwin balint ballard balog balogh banerjee banks bannerjee bano bansal bapat barajas baran barber
        barbier barbieri barbosa barker barlow barnes barnett barone barr barrera barrett barron barry bartlett
        barton basu bates batista batliwala batra bauer baumann bautista baxter beard beasley beck becker bedi begum
        behera beil beltran bender benedetti benes bengtsson benitez benjamin bennett benson bentley benton berg
        berger bergeron berglund bergman bergmann bergqvist bergstrom bernal bernard bernardi bertrand bhalla bhat
        bhatia bhatnagar bhatt bhattacharjee bhattacharya bhosale bhowmick bianchi bianco biro bishop bisht biswas
        bjork black blackburn blackwell blair blake blanc blanchard blankenship blazek blevins blomqvist boateng
        bodnar bogdan bognar bohm bond bondarenko bonilla bonnet booker boone booth borges boros bos bose bouchard
        bourgeois bowen bowers bowman boyd boyer boyle bozic bradford bradley bradshaw brady brandt brar braun bravo
        brennan brewer bridges briggs bristow brock brooks brouwer brown browning bruce brun brunet bruno bryan
        bryant buchanan buck buckley budai bulgakov bullock burch burgess burke burnett burns burton busch butler
        byrd cabral cabrera cai cain calderon caldwell calhoun callahan camacho cameron campbell campos cannon cano
        cantrell cantu cao caputo carbone cardenas cardoso carey carlson caron carpenter carpentier carr carrillo
        carroll carson carter cartwright caruso carvalho carver casey castaneda castillo castro cattaneo cavalcanti
        cech celik cermak cerny cervantes cetin chacko chadha chadwick chakrabarti chakraborty chambers chan chand
        chandler chang chapman charles charpentier chase chatterjee chattopadhyay chaturvedi chaudhari chaudhary
        chauhan chavan chavez chawla chen cheng cherian chevalier choi chopra choudhary chouhan chowdary chowdhury
        christensen christian chung cisneros claes claesson clark clarke clay clayton clegg clement clements cline
        cloutier cobb cochran coffey cohen colas cole coleman collier collins colombo colon combs compton conley
        conner conrad conti contreras conway cook cooper copeland coppola cordova corona correa correia cortes
        cortez costa coulter cox craig crane crawford crosby crowther cruz cuevas cui cummings cunha cunningham
        curry curtis dabrowski dahl dalton dangelo daniel daniels danielsson darby daruwala das dasgupta datta
        daugherty davenport david davidson davila davis dawes dawson dcosta deak dean deangelis decker degroot
        dejesus dejong dekker delacruz delarosa deleon delgado deluca demir deng denisov dennis desai desantis
        deshmukh deshpande desmet devi dey dhawan dhillon diallo dias diaz dickerson dickson dietrich dijkstra
        dikshit dillon ding diop dixit dixon djordjevic dlamini dodson dogan dolezal dominguez donaldson dong
        donovan dorsey dougherty douglas doyle drake dsouza du dua duarte dubey dubois dudek dudley duffy dufour
        duhamel duke dumas duncan dunlap dunn dupont dupuis dupuy duran durand durham dutta duval dvorak dwivedi
        dyer eaton eccles edwards egorov eide eklund elliott ellis ellison endo english engstrom enriquez erickson
        eriksen eriksson escobar esparza espinosa espinoza esposito esquivel estes estrada evans everett fabbri
        fabre fairclough fan farina farkas farley farmer farooqui farrell farrow faulkner faure fazekas fedorov
        feher fekete felix feng ferguson fernandes fernandez ferrara ferrari ferraro ferreira ferri fiala fields
        figueroa finch finley fiore fiorentino firth fischer fisher fitzgerald fitzpatrick fleming fletcher flores
        flowers floyd flynn fodor foley fontana ford forsberg foster fournier fowler fox francis franco francois
        frank franke franklin fransson frazier frederick fredriksson freeman freitas french friedman friedrich fry
        frye fuchs fuentes fujii fujita fukuda fuller fulop gadgil gagnon gaikwad gaillard gaines gairbekov gal
        galindo gallagher gallegos galli gallo galvan gandhi gangopadhyay ganguly gao garcia gardner garg garner
        garnier garrett garrison garside garza gatti gauthier gautier gavaskar gentile gentry george ghorpade ghosh
        gibbs gibson gilbert giles gill gillespie gilmore giordano girard giraud giuliani gladwin glenn glover
        goddard goel gohil gokhale golob gomes gomez goncalves gonzales gonzalez goodman goodwin goossens gordon
        gorski goto goud gould gowda goyal grabowski graf graham grant grassi grasso graves gray greco green greene
        greer gregory grewal griffin griffith grimes guerin guerrero guevara guha gulyas gundersen gunnarsson
        gunther guo gupta gustafsson gutierrez guzman haas haddad hagen hahn hail hajek hakansson hale haley
        hallberg halvorsen hamalainen hamilton hammond hampton han hancock hanna hansen hanson hansson harada hardin
        harding hardy hargreaves harmon harper harrell harrington harris harrison hart hartman hartmann harvey
        hasegawa hashimoto hashmi haugen hawkins haworth hayashi hayden hayes haynes heath hebert hegde hegedus
        heikkila heikkinen heinonen heinrich hellstrom henderson hendricks hendriks hendrix henriksen henriksson
        henry hensley henson herman hernandez herrera herring herrmann hess hester hibbert hickman hicks higgins
        hill hines hinton ho hobbs hodge hodges hoffman hoffmann hofmann hogan holden holland hollis holloway holm
        holmberg holmes holt hood hoover hopkins horak horton horvat horvath houston howard howe howell hu huang
        hubbard huber hubert hudson huerta huff huffman hughes hull humphrey hunt hunter hurley hurst hutchinson
        huynh hyde ibarra ikeda ilic illes ingham ingram inoue isaksson ishii ishikawa ito ivanov iversen iyengar
        iyer jablonski jackson jacobs jacobsen jacobson jadeja jadhav jager jain jakab jakobsen jakobsson james
        jankowski jansen jansson jaramillo jarvinen jarvis jaworski jean jefferson jelinek jenkins jennings jensen
        jha jia jiang jilek jimenez johannessen johansen johansson johns johnsen johnson johnston jokinen joly jones
        jonsson jordan jorgensen joseph joshi jovanovic juarez juhasz juneja jung juric kaczmarek kadam kaiser kale
        kalra kamath kamble kaminski kane kapoor kar kara karjalainen karlsen karlsson karve kato katona kaur kaya
        keita keith kelemen kelkar keller kelley kelly kemp kennedy kent kerr kershaw khan khandelwal khanna khatun
        khoury khumalo kilic kim kimani kimura king kini kinnunen kiraly kirby kirk kis kiss klein kline knapp
        knezevic knight knox knudsen kobayashi koc koch kocsis kohler kohli kolar kondo konecny konig kopecky
        korhonen korosec kortig kos koskinen kovacevic kovacic kovacs kovalenko kovalev kowalczyk kowalski kozlov
        kozlowski krajnc kral kralj kramer kraus krause krawczyk krejci krenova kreutzmann krishnan kristiansen
        kristoffersen kriz krizek krol krueger kruger kucera kuhlmann kuhn kulkarni kulshreshtha kumar kumari kundu
        kurian kurt kurup kuznetsov kwiatkowski lacroix lahtinen laine laitinen lakatos lakhani lal lam lamb lambert
        landry lang langley lantos lara larsen larson larsson laszlo latham laurent lawrence lawson le leach leal
        lebedev leblanc leclerc leclercq lecomte lee lefebvre legrand lehmann lehtinen lehtonen lemaire lemoine
        lengyel leon leonard leone leroux leroy lester levy lewandowski lewis li liang liao lim lima limaye lin
        lindberg lindgren lindqvist lindsey lindstrom liu livingston lloyd lobo lockwood lofgren logan lomax
        lombardi lombardo longo lopes lopez lorenz lowe lowery lozano lu lucas lucero ludwig lugo lukacs luna lund
        lundberg lundgren lundin lundqvist lundstrom luo lv lynch lynn lyons macdonald machado macias mack madden
        maddox madsen maeda maes magana magnusson magyar mahapatra mahato maheshwari mahoney maier majewski majumdar
        makarov makela makinen makkar maldonado malhotra malik malinowski malone mancini mandal mane mangeshkar mann
        manning mansour marchand marchetti marek mariani maric marie marin marini marino markovic marks marques
        marquez marsden marsh marshall martens martensson martin martinelli martinez martini martino martins
        martinsen mascarenhas mason massey mata mathew mathews mathieu mathis mathisen mathur matsuda matsumoto
        matthews mattila mattsson maxwell mayer maynard mayo mays mazumdar mazur mazza mazzi mcbride mccall mccann
        mccarthy mccarty mcclain mcclure mcconnell mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcfarland
        mcgee mcguire mcintosh mcintyre mckay mckee mckenzie mckinney mclaughlin mclean mcmahon mcmillan mcpherson
        meadows medina medrano mehra mehta meier meijer mejia melendez mellor melo melton mendes mendez mendoza
        menon mensah mercado mercier merritt mertens messina meszaros meunier meyer meyers meza michael michalak
        michalski middleton mikhailov miles miller mills milner milosevic miranda mirza mishra mitchell mitra mittal
        miura mlakar moen mohanty molina moller molnar mondal monroe montanari monteiro montes montgomery monti
        montoya moore mora moraes morales moran more moreau moreira morelli moreno moretti morgan mori morin morozov
        morris morrison morrow morse mortensen morton moses mosley moss moyer moyo mueller mukherjee mukhopadhyay
        mulder mullen muller mullins munoz murakami murillo murphy murray murthy murugan musil mutua myers nag
        nagpal nagy naidu nair nakagawa nakajima nakamura nakano nambiar nanda nandi naqvi narang narayanan
        nascimento nash nasser natarajan nath nava navarro navratil nayak naylor ncube ndiaye ndlovu neal negi
        nelson nemec nemeth neumann newman newton nguyen nichols nicholson nielsen niemi nieminen nigam nikitin
        nikolaev nikolic nilsen nilsson nishimura nixon nkosi noel nolan nordstrom norman norris norton novak
        novikov novotny nowak nowakowski nowicki nunes nunez nyberg nystrom oberoi obrien ochoa oconnell oconnor
        odom odonnell ogawa ogden ojala ojha okada okafor okamoto okonkwo olah oliveira oliver olivier olofsson
        olsen olson olsson olszewski oneal oneill openshaw orlov ormerod orosz orozco orr orsos ortega ortiz osborne
        ostrowski ota otto owen owens owusu ozdemir ozkan ozturk pace pacheco padilla pai pal palacios palmer
        palmieri palumbo panda pandey panicker papp parisi parker parmar parra parrish parsons parthasarathy patel
        pathak pathan patil patnaik patrick patterson patton paul paulsen pavlov pavlovic pawar pawlak pawlowski
        payne pearson pedersen peeters pellegrini pellegrino pelletier pena peng pennington peralta pereira perez
        perkins perrin perry persson peters petersen peterson petit petrov petrovic pettersen pettersson pfeiffer
        phadke pham phan phelps philippe phillips picard pickering pierce pietrzak pike pilkington pillai pineda
        pinter pinto piotrowski pittman pitts pohl poirier pokorny polat pollard ponce poole pope popov porter
        portillo pospisil potocnik potter potts poulsen powell prabhu pradhan prasad pratt preston priestley prince
        prochazka proctor pruitt pugh puri quinn quintana quintero qureshi racz radcliffe raghavan rai rajagopal
        rajput raju ram ramachandran raman ramanathan ramirez ramos ramsbottom ramsey ranade randall randhawa
        randolph rangel rani rantanen rao rasmussen rath rathore rawat ray raymond reddy reed reese reeves reid
        reilly ren renard renaud reyes reyna reynolds rhodes ribeiro ricci rice richard richards richardson richmond
        richter rigby riley rinaldi rios rivas rivera rivers rizvi rizzi rizzo robbins roberson roberts robertson
        robinson robles rocha roche rodgers rodrigues rodriguez rogers rojas rolland rollins roman romano romero
        rosales rosario rosas rose ross rossetti rossi roth rothwell rousseau roussel roux rowe rowland roy royle
        rubio ruiz russell russo rutkowski ruzicka ryan saarinen saha sahin sahoo sahu saini saito sakamoto salas
        salazar saleh salgado salinas salminen salo salonen salunkhe samal sampson samuelsson samurakami sanchez
        sandberg sanders sandhu sandor sandoval sanford sanna santana santiago santoro santos sarkar sasaki sastry
        sathe sato sauer saunders savage savolainen sawant sawyer saxena schaefer schafer schmid schmidt schmitt
        schmitz schneider scholz schreiber schroder schroeder schubert schulte schultz schulz schulze schumacher
        schuster schwartz schwarz scott sedlak sehgal seidel sellers semenov sen sengupta serrano sethi sexton
        shaffer shah shaikh shannon sharma shaw sheikh shelton shen shenoy shepard shepherd sheppard sherman shetty
        shevchenko shi shields shimizu shinde shrivastava shukla siddiqui sidebottom sidhu sierra sikora silva
        silvestri simek simmons simon simpson sims simsek singh singhal singleton sinha sipos sjoberg skinner sloan
        smirnov smit smith snyder soares soderberg sodhi sokolov solanki solberg solis solomon somogyi song sood
        sorensen sosa soto souza sparks spears spence spencer srinivasan srivastava stafford stanley stanton stark
        steele stein stepanov stephens stephenson stepien stevens stevenson stewart stojanovic stokes stone stout
        strand strickland stuart su suarez subramaniam subramanian sugden sullivan sun sundaram suri sutcliffe
        sutton suzuki svendsen svensson svoboda swain swaminathan swanson sweeney swindells syed sykora szabo szalai
        szasz szekely szewczyk szilagyi szoke szucs szymanski takacs takahashi takeuchi tan tanaka tandon taneja
        tang tanner tapia tate tattersall taylor teixeira tendulkar terrell terry testa thackeray thakur thomas
        thompson thomsen thorat thornley thornton tian tilak tiwari tkachenko todd tokarev tomaszewski torok torres
        toth townsend tran traore travis trejo tremblay trevino trivedi trujillo truong tucker tunstall tuominen
        turk turner turunen tyler underwood unnikrishnan upadhyay upadhyaya urban usmani vaghela vajpayee valdez
        valencia valentine valentini valenzuela vance vanderberg vandijk vanek vang varga vargas varghese varma
        vasiliev vasquez vass vaughan vaughn vega velasquez velazquez velez venkatesan ventura veres verhoeven verma
        vermeulen vesely vidal vidmar vieira viklund villalobos villanueva villarreal villegas vincent vincze
        virtanen visser viswanathan vitale vlcek vo vogel vogt vohra voigt volkov vu vukovic wade wadhwa wadsworth
        waghmare wagner walczak walia walker wall wallace waller wallin walmsley walsh walter walters walton wang
        ward wardle warner warren warrier washington watanabe watkins watson watts weaver webb weber webster weeks
        wei weiss welch werner west westgard wheeler whitaker white whitehead whitfield whitney whittaker whittle
        wieczorek wiggins wikstrom wilcox wiley wilkerson wilkins wilkinson willems williams williamson willis
        wilson winkler winterbottom wisniewski witkowski wojcik wolf wolfe wolff wong wood woodard woods woodward
        wormald wouters wozniak wright wrobel wu wyatt xiao xie xiong xu yadav yamada yamaguchi yamamoto yamashita
        yang yao yates ye yildirim yildiz yilmaz yoder york yoshida young yu yuan zadina zaidi zajac zakharov zamora
        zavala zeman zeng zhang zhao zheng zhong zhou zhu ziegler zielinski zimmer zimmerman zimmermann zulu zuniga
        zupancic
        """
}
