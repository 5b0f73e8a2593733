// Written for this project: what is common where, folded to small ASCII letters; no list of anybody else went in.

extension Gazetteer {
    /// Given names of Europe, the Americas, Africa and Asia.
    static let givenNames: StaticString = """
        aage aaron abdelrahman abdul abdullah abdulrahman abebe abena abigail achieng adaeze adam adebayo adel
        adewale adrian adriana adriano adwoa agathe agnes agneta agnieszka agustin ahmad ahmed ahmet aiden aino
        aisha aishah ake akiko akira akos akosua alain alan alba albert alberto albrecht aldo alejandra alejandro
        aleksandar aleksandra aleksei aleksi alena ales alessandra alessandro alex alexander alexandra alexandre
        alexandros alexei alexey alexis alfie alfonso alfredo ali alice alicia alicja alina aline alla almaz almos
        alva alvaro alyssa ama amaka amanda amani amber amedeo amelia amelie amin amina aminah amir amira amparo amy
        ana anais anastasia anatoly anders anderson andras andre andrea andreas andrei andreia andrej andres andrew
        andrey andrzej andy ane anette angel angela angeles angeliki angelo angus aniko anita anja anke ann anna
        anne anneli annelies anneliese annette annie annika anouk ante anthony antje antoine anton antonia
        antonietta antonin antonio antti anu anwar anze aoi aparecida apostolos araceli archie arianna arild armand
        arnaud arne arni arnold arpad arthur arttu artur arturo asbjorn asger asha ashley ashraf aslan aslaug asli
        asma asta astrid athanasios attila aubrey audrey august auguste aurelie aurelien aurora austin ava avery
        axel ayesha aylin ayse aysel ayten ayumi aziz babatunde bahar bailey balazs banu baptiste barbara barbel
        barbora barbro barry bart bartlomiej bartosz basak basim bassam bastien beata beate beatrice beatriz bekele
        bela belgin bella beltran ben bence benedikt bengt benito benjamin benoit bent bente berit bernadett
        bernadette bernard bernd bertalan bertram bettina betty beverly beyza biagio bilal biljana billy bin birgit
        birgitta birna birthe bjarne bjarni bjorn blake blanca bo bob bobby bodil bogdan boglarka bogumil bohumil
        bohuslav bojan boleslaw bonnie boris bostjan botond bozena bram brandon branko brenda brendan brian brianna
        brigitte britt brittany brody bronislawa brooke brooklyn bruce bruna bruno bryan bryndis bulat burak burcu
        busra caio caitlin caleb callum cameron camila camilla camille camillo cansu carl carla carlo carlos carmela
        carmen carol carola carole caroline carolyn carson carter cassandra catalina caterina catherine caua cecil
        cecilia cedric celia celina celine cem cesar cesare chad chantal chao charlene charles charlie charlotte
        chase cheryl chiara chidi chinedu chioma chipo chloe christa christian christina christine christoph
        christophe christopher christos chun cicero cinzia claire clara clarence claude claudia claudio clemence
        clemens clement clifford clive clyde cody cole colette colin colleen colton concepcion concetta connie
        connor constance consuelo cooper corentin corey corinne cormac cornelia cornelis cosimo courtney craig
        cristiane cristina crystal csaba csanad curtis cynthia cyril czeslaw daan dagmar daiki daisy dale dalia
        dalibor damian damien damir damon dan dana daniel daniela danielle danilo danny dante danuta daphne daria
        dariusz darko darlene darrell darren darryl darya dave davi david davide davor dawid dawit dawn dean deanna
        debbie debora deborah debra declan dejan delores delphine denes denis denise deniz dennis derek derya
        desiree despina detlef devin dezso diana diane dianne didier diego dieter dilek dimitra dimitrios dimitris
        dina dino dirk dmitri dmitry dolores domagoj domenico dominic dominik dominika dominique donald donatella
        donato dong donna donovan dora doreen doris dorota dorothea dorothy dorthe douglas dragan dragana drahomira
        drazen drew duane dubravko dulce duncan dusan dustin dwayne dylan earl ebba eberhard ebru ece eckhard eda
        ede edeltraud eden edgar edit edith edna edoardo edson eduardo edward edwin edyta eero eetu eeva efe egon
        eija eila eileen einar einojuhani eirik ekaterina elaine eleanor elemer elena eleni elfriede eliane elias
        elif elijah elin elina elio elisa elisabet elise eliska elizabeth elke ella ellen ellie elliot elmer elodie
        eloise els elsa elsie elzbieta emanuela emanuele emeka emel emese emi emiko emil emile emilia emilie emilio
        emily emine emir emma emmanuel emmett emre engin eniko enrica enrico enrique enzo eoin ercan erdem ergin
        erhard eri eric erica erich erik erika erin erla erna ernest ernestine ernesto erno ernst erol erwin
        erzsebet esa esin esko espen esperanza esra esteban estefania estelle estevan estevao esther eszter ethan
        ethel etienne etsuko ettore eugen eugene eugenie eugenio eugeniusz eunice eunji eva evan evangelos eveliina
        evelyn everett evgenia evgeny evie ewa ewelina ezra fabian fabiana fabien fabienne fabio fabiola fabrice
        fahad fahd faisal faith fang farah farai farid farida farouk fatih fatima fatimah fatma fausto fawzi fawzia
        fay federica federico fedor felicia felipe felix femke feng feodosia ferdinand ferdinando ferenc ferhat
        fernanda fernando fidan filip filippo filiz finn fiona fiorella flavia flavio flemming fleur flora florence
        florent florian floyd folake forrest fotini franc franca frances francesca francesco francis francisca
        francisco franciszek franco francois francoise franjo frank franklin frantisek franz franziska fraser frauke
        fred freda freddie frederic frederick fredrik freja freya friederike friedrich fritz frode fumiko funmi
        fyodor gabi gabor gabriel gabriela gabriele gabriella gabrielle gaelle gaetane gaia gail galina gamze gareth
        garrett gary gaston gaute gauthier gavin geir gemma geneva genevieve gennady gennaro genowefa georg george
        georges georgia georgina georgios gerald geraldine geraldo gerard gerardo gerd gerda gergely gergo gerhard
        gerrit gertruda gertrude geza ghada ghassan ghislaine giacomo giada gianfranco gianluca gianna gianni
        giannis gilbert gilles gina ginevra gino giorgia giorgio giorgos giovanna giovanni gisela gisele gisli gitte
        giulia giuliana giulio giuseppe giuseppina giusy gizem gladys glenda glenn gloria gokhan gonzalo goran
        gordana gordon gottfried grace graciela graham grant grayson graziella grazyna greetje gregoire gregor
        gregorio gregory greta gretchen grethe grigory grzegorz guadalupe gudbjorg gudmundur gudrun guido guilherme
        guillaume guillermo gul gulay gulsen gunilla gunnar gunther gunvor guo guro gustav gustavo guy gwen
        gwendolyn gyongyi gyorgy gyula habib hai haile hailey hajnalka hakan hakim hakuba hala haley halil halina
        halit halldor hamid hamish hamisi hampus hamza hana hanako hanan hande hani hanife hanna hannah hanne
        hannele hannelore hannu hans hao harald harold haroon harper harriet harrison harry hartmut haruka haruki
        harun haruto harvey hasan hassan hatice havard havva hayley hazel heath heather hector hege heidi heike
        heikki heinrich heinz helen helena helene helga helgi helmi helmut hendrik henk henning henri henrietta
        henriette henrik henrique henry henryk herbert herman hermann hernan herve hiba hideo hilary hilda hildegard
        hildur hilkka hina hiromi hiroshi hisham holden holger holly homer hong honorine hordur horst howard hrvoje
        hubert huda hugo hugues hui hulda hulya hunter husain huseyin hussain hussein hynek hyun ian ibrahim ichiro
        ida ifeoma ignacio ignacy ignazio igor iida ike ikenna ilaria ildar ildiko ilhan ilkka ilknur ilmari ilona
        ilse ilya imad iman imogen imran imre inaya ines inez inge ingeborg inger ingi ingibjorg ingo ingrid ingvild
        inka inna ioanna ioannis iqbal ira irem iren irena irene irina iris irja irma irmgard irving isaac isabel
        isabela isabella isabelle isla ismail issa istvan iva ivan ivana ivano iveta ivica ivo ivy iwona izabela
        jaana jaap jaber jabir jacek jackie jackson jacob jacqueline jacques jade jadwiga jaime jake jakov jakub
        jale jamal james jamil jamila jan jana jane janet janez janice janina janine janka janne janos janusz
        jaqueline jared jarek jari jarkko jarmila jaroslav jaroslava jaroslaw jarrod jarvis jasmina jasmine jason
        jasper javier jay jayden jean jeanette jeanne jeannine jeferson jeffery jeffrey jelena jenna jenni jennifer
        jenny jeno jens jeremy jermaine jernej jeroen jerome jerry jerzy jesse jessica jesus jia jian jie jihoon
        jill jillian jim jimena jimmy jindriska jing jiri jirina jiro jisoo jitka jiwoo jo joachim joan joana joann
        joanna joanne joao joaquim joaquin jocelyn jochen jodi jody joe joel johan johann johanna johannes john
        johnny joke jolanta jomo jon jona jonah jonas jonathan joni joop joost jordan jordi jorg jorge jorgen jorma
        jorn jose josef josefa josefina joseph josephine josette joshua josiane josip jouni jovan joy joyce joze
        jozef jozsef juan juana juanita judit judith judy juha juhani juho jukka julia julian juliana julianna julie
        julien juliet julieta juliette julio juma jun june jure jurgen justin justine justyna jutta jytte kaan
        kaarina kacper kadir kai kaija kaisa kaitlyn kaito kaj kalle kalman kamal kamau kamil kamila kaori kara kare
        kareem karel karen kari karim karima karin karine karl karla karolin karolina karoly kasper katalin katarina
        katarzyna kate katerina katharina katherine kathleen kathrin kathryn kathy kati katia katie katja katrin
        katrina kaua kauane kay kayla kazimierz kazuki kazuko kees kehinde keiko keith kelly kemal kendall kendra
        kenji kenneth kenny kent kenta kerem kerry kerstin ketil kevin khadija khaled khalid khalida kim kimberly
        kimmo kinga kirill kirk kirsi kirsten kjell klara klaus klemen knud knut koen kofi konrad konstantin
        konstantina konstantinos koray kostas kresimir krista kristen kristian kristiana kristiina kristijan kristin
        kristina kristjan kristyna krisztian krisztina krystal krystyna krzysztof ksenia kumiko kurt kwabena kwame
        kyle kylie ladislav laetitia lais lajos lale lamia lan lana lance landerico landon lara larisa larissa larry
        lars lasse laszlo latif latifa latoya laura lauren laurence laurent lauri laurie lawrence layla lea leah
        leandro lee leena lei leif leila lempi lena lene lenka lennart leo leon leona leonard leonardo leone leonel
        leonid leonie leopold lerato leslie lester leszek leticia letizia lev levent levente levi lewis leyla li
        liam libero libuse lidia lieke liesel lieselotte liisa lila liliana liliane lillian lily lina lincoln linda
        lindsay lindsey ling linnea linus lionel lisa liv livia livio ljiljana lloyd logan lois lola lone loredana
        lorena lorenzo loretta lori lorraine lothar lotte louis louise lourdes luana lubna lubomir lubos luc luca
        lucas lucia luciana luciano lucie lucien lucienne lucille lucy lucyna ludek ludmila ludovic ludovica ludwig
        ludwika luigi luis luisa luise luiz luiza luka lukas lukasz luke luna luqman luther lutz luz lydia lyle lynn
        lyubov lyudmila maarit maarten mabel maciej mack mackenzie maddalena madeleine madeline madison mads magda
        magdalena maggie magne magnus maha mahdi mahmoud mahmut maija maike maja majid majken makayla makena makoto
        maksim malcolm malgorzata malik malika mallory manal mandla mandy manfred manolis manon mansoor mansour
        manuel manuela mara marat marc marcel marcela marcella marcelo marcia marcin marcio marco marcos marcus
        marek margaret margareta margarethe margarita margherita margie margit margot margret marguerite maria
        mariam marian mariana marianne mariano maribel maricela marie marieke marija marijn marika mariko marilyn
        marina mario marion marisa marissa marit marius mariusz marja marjatta marjo marjorie mark marketa markku
        marko markus marlene marlies marloes marsha marshall marta marte martha martin martina martine marton marvin
        marwan mary maryam marzena masao mashuu mason massimo mate matej mateja mateo mateus mateusz matheus mathias
        mathieu mathilde matija matjaz mats matt matteo matthew matthias matthieu matti matyas maud maureen mauri
        maurice mauricio maurizio mauro max maxim maxime maximilian maximiliano maxine maya mayumi mazen mckenzie
        mechthild megan megumi mehdi mehmet mei meike melanie melek melinda melissa meltem melvin mercedes meredith
        merja merle merve meryem metin mette mia micaela micah michael michaela michal michalis michel michela
        michele michelle michiko mick midori mieczyslaw miguel miha mihaly miho miikka mika mikael mike mikhail miki
        mikkel miklos mila milada milan mildred milena miles milica milla millie milos miloslava milton mindy mine
        ming minji minjun minna minnie miran miranda mireille mirella mireya miriam mirja mirjami mirjana mirko
        miron miroslav miroslawa misaki mitchell mitja mitsuko miyuki mladen moa mogens mohamed mohammad mohammed
        moira mojca molly mona monica monika monique monserrat morena morgan morgane moritz morris moses muge
        muhammad muhammed mulugeta muna munir murad murat muriel murilo murray musa mustafa mwangi myra myriam myron
        myrtle nabil nada nader nadezhda nadia nadine nahla naima naji najwa nalan nana nancy naoki naoko naomi
        nasir nasser natalia natalie natalya natasha nathalie nathan nathaniel natsuki nawal nawaz nazan neal neil
        nele nellie nelson nenad nermin neslihan nettie ngozi niall nicholas nick nicola nicolas nicole nicoletta
        niels nigel nikita niklas niko nikola nikolai nikolay nikos nilgun nils nina nino nizar njoroge nkosana
        nnamdi nneka noah noel noelia noemi noemie nomsa noor noora nora norbert noriko norma norman nour nunzio nur
        nuray nurcan nuria obinna oceane octavio odd oddny oddvar odette odile oiva oksana olaf olafur olavi oldrich
        ole oleg oleksandr olga olive oliver olivia olivier oliwia olli olof olumide oluwaseun oluwaseyi omar omer
        ondrej onur oona opal oreste orhan orlando ornella orsolya orva orville osama oscar oskar osman osmo osvaldo
        oswald otavio otieno otis otso otto outi owen oya ozan ozgur ozlem paavo pablo padraig paige paivi pal pall
        palli paloma pam pamela panagiotis paola paolo paraskevi parker pascal pascale pasi pasquale patrice
        patricia patricio patrick patrik patrizia patrycja patsy patti paul paula paulette paulina pauline paulo
        pavel pavla pavlina pawel pearl pedro peggy pekka pelin penelope peng penny pentti perla pernille perrine
        perry pertti petar pete peter petr petra petri petros petteri petur peyton phil philip philipp philippe
        phoebe phyllis pia piera pierluigi pierre piet pieter pietro pilar pinar piotr piper pirjo pirkko piroska
        polina polona poppy poul preben predrag premysl preston primoz priscilla przemyslaw pyotr qasim qiang qing
        quentin quincy quinn rachael rachel radek radim radka radmila radoslaw radovan rafael rafaela rafal raffaele
        raffaella rafiq ragnar ragnheidur ragnhild rahim raija raimo raimunda rainer raisa ralf ralph ramadan
        ramazan ramiro ramon ramona ramzan ramzi rana randall randi randy rania raoul raphael raquel rashid rasmus
        raul rauno raymond raymonde raza reagan rebeca rebecca recep reem reese regina reginald regine regis reijo
        reiko reiner reinhard reinhold reino reka remi remy ren renat renata renate renato rene renee rex reza
        rhonda rhys ricardo riccardo richard rick ricky rie rigoberto riikka riitta riku riley rima rin rinat risto
        rita ritva riyad rob robbie robert roberta roberto robin robson rocco rocio roderick rodney rodolfo rodrigo
        rogelio roger rogerio rok roland rolande rolf romain roman romana romane romeo ron ronald ronaldo ronnie
        rosa rosalba rosalie rosangela rosanna rosario rose rosemarie rosemary rosie ross rossella rostislav roxana
        roxanne roy rozalia ruben ruby rudiger rudo rudolf rufus ruggero rui rune rupert ruqayya ruslan russell
        rustam ruth ruud ruzena ryan ryota ryszard saara sabah sabine sabir sabrina saburo sachiko sadie saeed
        safiya safwan said sakari sakura saleh salih salim salla sally salma salvador salvatore sam samanta samantha
        samar sameera sami samir samira sammy samo samuel sana sander sandor sandra sandrine sandro sanna sanne
        sante santeri santiago sara sarah sari sarka sarolta sasa sasha saskia satoshi satu saul savannah sayaka
        sayed scarlett scott seamus sean sebastian sebastiao sebastien sebnem seda segun seija selam selassie selim
        selma semyon senja seojun seppo serdar serena serenity serge sergei sergey sergio serife serkan seth sevda
        severine sevgi sevim seweryn shafiq shaima shakir shan shane shannon sharif sharon shaun shawn sheila shelby
        sheldon shelley shereen sherman sherri sherry shirley shizuka shota shu sibel sibylle sidney siegfried
        sierra sigmund signe sigrid sigridur sigrun sigurd sigurdur silas silje silke silvano silvia silvio simo
        simon simona simone sinan sindre sini sinisa sipho siri sirkka sirpa sjoerd skylar slavica slavko slavomir
        slawomir slobodan snezana sofia sofya soile solange soledad solene solomon solveig sona songul sonia sonja
        sonya soojin sophia sophie soraya soren sota spela spencer spyros srdan stacey stacy stane stanislav
        stanislava stanislaw stanley stavros stefan stefania stefanie stefano steffen steffi steinunn stella stepan
        stephan stephane stephanie stephen steve steven stewart stian stig stijn stjepan stuart sue suhaila sulaiman
        sule suleyman sulo sumaya summer sungho susan susana susanna susanne susie suvi suzanne svein sven svend
        svenja svetlana sybil sylvain sylvia sylvie sylwester sylwia synnove szabolcs szilard szilvia szymon tabitha
        tadej tadeo tadeusz tahir taina taiwo takako takashi takumi talal tamara tamas tammy tanja tanya tao tapani
        tapio tara taras tarek tariq tarmo taru tasha tatiana tatyana tauno taylor ted teemu tendai teodora teodoro
        teresa terez tereza terezinha terhi terje tero terrance terrell terry tesfaye tess tessa thabo thanasis
        thandiwe thelma theo theodore theodoros theresa therese theresia thiago thibault thierry thijs thilo thomas
        thor thorkild thorsteinn thorsten thorunn tiago tian tibor tigist tihomir tiia tiina tilen tilo tim timea
        timo timofey timotea timothy timur tina tinashe tindra tineke tito tiziana tobias toby todd toivo tolga tom
        tomas tomasz tomek tomislav tommaso tommy tomoko tone toni tony tonya topi torben torbjorn torstein torsten
        tove tracy traudl travis trent trevor tricia trina trine tristan trond troy trude truus tugba tuija tulay
        tuncay tunde tuomas tuomo turgut turid tuula tuulikki tuva tyler tyrone tytti tzigane uche udo ulf ulises
        ulla ulrich ulrike umar umberto umit unnur urho uros urpo urska ursula urszula uschi usko usman uta ute uwe
        vaclav vadim vaino valentin valentina valeria valerie valerio valery vanesa vanessa vasili vasiliki vasilis
        vasilisa vasily vedran vegard veikko veli vendula venla vera verena verna vernon veronica veronika veronique
        vesa vesna viacheslav vibeke vicente vicki vicky victor victoria viktor viktoria vilhjalmur viljo ville
        villy vilma vilmos vincencij vincent vincenzo vinicius vinko viola violet violeta virag virgil virginia
        virginie viridiana viseslav vit vitaly vito vitor vitoria vittoria vittorio vivian viviane vjekoslav
        vladimir vladislav vlasta vlastimil voitto vojtech volkan volker volodymyr vratislav vsevolod vyacheslav
        waclaw wade wafa waleed walid wallace walter walther waltraud wambui wanda wanjiku warren wasim wayne wei
        wen wendell wendy werner weronika wesley whitney wiebke wieslaw wieslawa wilbur wilfredo wilfried wilhelm
        will willem william willie willow wilma wilson wim wincenty winifred winston witold wladyslaw wojciech
        wolfgang wolfram woodrow wouter wyatt xavier xia xiang ximena xin xiu xue yahya yakov yan yana yang yann
        yannick yannis yaroslav yasemin yasin yasir yasmin yasmine yavuz yaw yekaterina yesenia yevgeny yewande yi
        yildiz yilmaz ying yoko yolanda yolande yonas yong yoshiko youngho younis yousef youssef yrjo yu yuan yui
        yuka yuki yuko yulia yumi yun yuri yury yusuf yuto yves yvette yvonne zach zachary zahra zaid zainab
        zakariya zakhar zakir zala zanele zara zaynab zbigniew zbynek zbyszek zdenek zdenka zdravko zdzislaw ze
        zehra zeina zeliha zeljko zeynep zhen zhi zhong ziad ziga zinaida zlatko zoe zoey zofia zofie zoltan zoran
        zorica zoya zsigmond zsofia zsolt zsuzsanna zuberi zuzana zuzanna zvonimir zygmunt
        """

    /// Given names of India.
    static let indianGivenNames: StaticString = """
        aakash aarav aarti abhay abhijeet abhijit abhinav abhishek achal aditi aditya advait advik ahana ajay ajit
        akanksha akash akhil akshara akshata akshay alok aman amandeep amar amarjeet amit amita amitabh amol amrit
        amrita amruta anamika anand anant ananya aniket anil anirudh anita anjali anjana anjum ankit ankita ankur
        ankush anmol anshu anshul anuj anup anupam anupama anuradha anurag anusha anushka aparna apoorva apurva
        archana arif arjun arnav arpan arpit arpita arshad arti arun aruna arundhati arvind aryan asha ashish ashok
        ashutosh ashwin ashwini asif asmita atharva atul avani avinash avni ayush ayushi badal bala balaji baldev
        balram balwinder bansi bhagat bharat bharati bharti bhaskar bhavana bhavesh bhavin bhavna bhavya bhim
        bhupinder bhushan bijoy bimal bina bipin birendra brijesh chaitanya chaman chanchal chandan chandra
        chandrakant chandrashekhar charu chetan chhaya chirag chitra daksh daljeet damini darshan darshana
        dattatraya debashish debasish deepa deepak deepali deepika deepti dev devansh devdas devendra devesh devika
        dhananjay dhanush dharam dharmendra dharmesh dhawal dheeraj dhiraj dhruv dhruvi diksha dilip dinesh dipak
        dipali dipika dipti disha divya divyansh diya durga durgesh dushyant eknath ekta esha faizal faizan falguni
        gagan gagandeep gajendra ganesh ganga gaurav gauri gautam gautami gayatri geeta geetanjali geetha girish
        gita gitanjali gopal gopi govind gulshan gunjan gurbaksh gurdeep gurmeet gurpreet gursharan guru gurvinder
        hansa harbhajan hardik hari harish harjeet harleen harmeet harpreet harsh harsha harshad harshal harshit
        harshita harshvardhan hema hemant hemlata himani himanshu hina hitesh hrithik inderjit indira indra indrajit
        indrani irfan isha ishaan ishan ishita ishwar jagan jagat jagdish jai jaideep jaipal jairam janaki janardhan
        janki jasleen jaspreet jasvinder jaswinder jatin javed jaya jayant jayanti jayashree jayesh jaywant jeet
        jeetendra jigar jignesh jinal jitendra junaid jyoti jyotsna kabir kailash kajal kalpana kalyan kalyani kamal
        kamala kamalesh kamini kamla kamlesh kanan kanchan kanika kanta kapil karan karishma karthik kartik karuna
        kashinath kashish kasim kaushal kaushik kavita kavitha kavya kedar keshav ketan ketki khushboo khushi kiran
        kirit kirti kishan kishor kishore komal krishna krishnan kriti kritika krunal kshitij kuldeep kulwant kumar
        kumud kunal kundan kusum lakhan lakhwinder lakshman lakshmi lalit lalita lata lavanya laxman laxmi leela
        leena lokesh lopamudra madan madhav madhavi madhu madhukar madhur madhura madhuri mahendra mahesh mahima
        malati malavika malini mallika mamta manasi mandar mandeep mangal manish manisha manjeet manju manjula
        manjunath manmohan manohar manoj manpreet mansi manu maya mayank mayur mayuri medha meena meenakshi meera
        megha mehul mihir milind mina minakshi minal mira mithun mohan mohini mohit mohsin monika mridula mrinal
        mrinalini mrunal mukesh mukta mukul mukund murali mushtaq muskan naman namita namrata nanda nandini nandita
        narayan narayana naren narendra naresh narsimha naseem nasreen natwar naveen navin navjot navneet navya
        nayan nazia neelam neelima neena neeraj neeru neeta neetu neha nidhi nihar nikhil nikhila nikita nikunj
        nilesh nilima nimisha niranjan nirmal nirmala nisha nishant nishi nita nitesh nithya nitin nitya nivedita om
        omkar omprakash padma padmaja padmini pallavi pankaj parag paramjit paras parth parthiv parul parvati
        parveen parvez pavan pavithra pawan payal piyush pooja poonam poornima prabha prabhakar prabhat prabhu
        pradeep pradnya pradyumna prafulla prajakta prakash pramila pramod pranab pranali pranav pranay pranjal
        prasad prasanna prashant prashanth prateek pratibha pratik pratiksha pratima praveen pravin preethi preeti
        prem prerna pritam pritesh priti priya priyadarshini priyam priyank priyanka puja pulkit puneet punit
        purnima purushottam purvi pushkar pushpa rachana rachit rachna radha radhakrishnan radhika raghav
        raghavendra raghu raghunath rahul raj raja rajan rajani rajat rajeev rajendra rajesh rajeshwari rajinder
        rajiv rajkumar rajnish rajshree raju rakesh rakhi ram rama ramachandran ramakant raman ramandeep ramanujan
        ramesh rameshwar ramya rana ranbir randhir rani ranjan ranjana ranjit rashi rashmi ratan ratna raveena ravi
        ravinder ravindra reema reena rekha renu renuka resham reshma revati richa riddhi rima rina rishabh rishi
        rita ritesh ritika ritu riya rizwan rohan rohini rohit roli ronak roopa roshan roshni rubina ruchi ruchika
        ruchir rudra rukhsar rukmini rupa rupali rupesh rupinder rutuja saba sachin sadhana sadiq sagar sahil sai
        sajid sakshi salil salman saloni samarth sameer samiksha samir sampada sandeep sandhya sangeeta sangita
        sanika sanjana sanjay sanjeev sanjiv sanju sankalp sanket santosh sanvi sapna sarala saraswati sarika sarita
        saritha sarla saroj sarthak sarvesh sasi satinder satish satya satyajit satyam satyendra saumya saurabh
        saurav savita savitri seema shabana shabnam shahid shahnaz shahrukh shailaja shailendra shailesh shakeel
        shakti shakuntala shalini shamim shamshad shankar shanta shantanu shanti sharad sharada sharmila shashank
        shashi shashikant sheela sheetal shefali sheikh shekhar shilpa shilpi shirish shital shiv shiva shivaji
        shivam shivangi shivani shoaib shobha shobhana shraddha shreya shreyas shri shridhar shrikant shrinivas
        shriram shruti shubha shubham shubhangi shweta siddharth siddhi simran sita smita smriti smruti sneha snehal
        sohail soham sohan somnath sonal sonali sonam sonia sonu soumya sourabh sourav sridevi sridhar srikanth
        srinivas srinivasan sriram srishti subhash subodh subramaniam subrata suchitra sudarshan sudesh sudha
        sudhakar sudhanshu sudheer sudhir suhani suhas sujata sujatha sujay sujit sukhdev sukhwinder sulochana suman
        sumana sumedh sumit sumitra sunanda sundar sundari suneeta sunil sunita sunny supriya suraj surbhi surendra
        suresh surinder surya sushant sushil sushila sushma suvarna swapna swapnil swarna swati sweta tabassum tanay
        tanisha tanmay tanuj tanuja tanushree tanveer tanvi tara tarak tarun taruna tasneem tauseef tej tejal tejas
        tejaswini tejinder tejpal trilok trisha tulsi tushar uday uma umang umesh upendra urmila urvashi usha
        utkarsh uttam vaibhav vaidehi vaishali vaishnavi vandana vanita varsha varun vasant vasanth vasanti vasudev
        vasudha vedant veena veer veeru venkat venkata venkatesh venkateswara vibha vibhor vidhi vidya vidyut vihaan
        vijay vijaya vijayalakshmi vijayan vikas vikram vikramaditya vikrant vimal vimala vinay vinaya vinayak
        vineet vineeta vinita vinod vipin vipul viraj virat virendra vishakha vishal vishesh vishnu vishwanath
        vishwas vivaan vivek vrinda vrushali wahid wasim yamini yamuna yash yashas yashoda yashodhara yashwant
        yasmeen yatin yogendra yogesh yogita yuvraj zaheer zeenat zoya zubair
        """
}
