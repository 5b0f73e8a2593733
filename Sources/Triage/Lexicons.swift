/// The phrases of `Mood`. A line is a weight and phrases; see `PhraseLexicon`.
enum Lexicons {
    /// All phrases, found in one walk.
    static let phrases = PhraseLexicon([
        (.positive, positive),
        (.negative, negative),
        (.anger, anger),
        (.urgency, urgency),
        (.legal, legal),
        (.press, press),
        (.safety, safety),
        (.selfHarm, selfHarm),
        (.person, person),
        (.loss, notReceived),
        (.damage, damaged),
        (.thanks, thanks),
        (.settled, settled),
        (.ownOrder, ownOrder),
        (.futureOrder, futureOrder),
    ])

    private static let positive = """
        0.8 love,loved,lovely,excellent,amazing,wonderful,fantastic,awesome,perfect,beautiful,delighted,superb,brilliant,best,great,zabardast,kamaal,shandar,shaandaar,शानदार,लाजवाब,बेहतरीन,उत्कृष्ट,सुंदर,पसंद आया,पसंद आई,pasand aaya,pasand aayi
        0.5 good,nice,happy,pleased,satisfied,glad,well made,helpful,quick response,like it,liked,impressed,accha,acha,achha,achcha,badhiya,badiya,mast,khush,अच्छा,अच्छी,अच्छे,बढ़िया,खुश,संतुष्ट
        0.3 fine,okay,works,worked,solved,resolved,sorted,fixed,theek,thik,sahi,ठीक,सही
        """

    private static let negative = """
        0.9 worst,terrible,horrible,awful,pathetic,disgusting,useless,unacceptable,rubbish,garbage,hopeless,disgrace,nightmare,appalling,ghatiya,ghatia,bakwas,bakwaas,bekar,bekaar,wahiyat,घटिया,बकवास,बेकार,वाहियात,निकम्मा
        0.6 bad,poor,disappointed,disappointing,disappointment,unhappy,upset,annoyed,annoying,frustrated,frustrating,dissatisfied,unsatisfied,let down,not happy,not satisfied,fed up,broken,cracked,chipped,shattered,damaged,defective,torn,stained,leaking,kharab,kharaab,nirash,naraz,pareshan,pareshaan,dukhi,toota,tuta,tooti,tuti,phata,fata,खराब,निराश,नाराज,परेशान,दुखी,टूटा,टूटी,टूटे,फटा,फटी,बुरा
        0.4 wrong,missing,late,delayed,delay,failed,problem,issue,error,stuck,never arrived,not received,not arrived,still waiting,no reply,no response,no answer,unfortunately,complaint,galat,dikkat,samasya,shikayat,der,गलत,दिक्कत,समस्या,शिकायत,देर,देरी,इंतजार
        """

    private static let anger = """
        1.0 angry,furious,livid,outraged,outrageous,disgusted,disgusting,cheats,cheat,cheated,cheating,fraud,fraudsters,scam,scammers,scammed,thieves,thief,robbed,looted,liars,liar,lying to me,fooling,making a fool,bastards,idiots,idiot,stupid,bullshit,fuck,fucking,shit,damn,bloody,wtf,pathetic,ridiculous,shameful,shameless,shame on you,how dare you,sick of,sick and tired,fed up,had enough,never buy … again,never order … again,never shop … again,worst,unacceptable,joke of a,what nonsense,nonsense
        1.0 gussa,ghussa,dhokha,dhoka,dhokebaaz,chor,chori,loot,lut,luta,thag,bewakoof,bevkoof,bewkuf,pagal,besharam,sharam karo,sharam nahi,sharm karo,bakwas,bakwaas,ghatiya,ghatia,tang aa,pak gaya,had hai,hadd hai,jhooth,jhuth,jhoothe,kutte,kamine,saale
        1.0 गुस्सा,धोखा,धोखाधड़ी,धोखेबाज,चोर,चोरी,लूट,ठग,ठगी,बेवकूफ,पागल,बेशर्म,शर्म करो,शर्म आनी,बकवास,घटिया,तंग आ,हद है,झूठ,झूठे,कमीने,फ्रॉड
        0.5 third time,fourth time,fifth time,again and again,how many times,nobody cares,no one cares,nobody replies,no one replies,nobody answers,still no,ignored,ignoring,wasting my time,waste of time,waste of money,baar baar,bar bar,kitni baar,koi jawab nahi,बार बार,कितनी बार,कोई जवाब नहीं
        """

    private static let urgency = """
        1.0 urgent,urgently,asap,emergency,immediately,immediate,right away,right now,at once,without delay,as soon as possible,at the earliest,earliest possible,turant,turat,tatkal,fauran,jaldi se jaldi,abhi ke abhi,तुरंत,तत्काल,फौरन,जल्दी से जल्दी,जल्द से जल्द,अर्जेंट,शीघ्र
        0.5 quickly,hurry,soon,tonight,by tomorrow,by today,today itself,before tomorrow,deadline,time sensitive,last chance,final notice,final warning,wedding,birthday,anniversary,leaving town,travelling,jaldi,jald,aaj hi,kal tak,shaadi,shadi,birthday hai,जल्दी,जल्द,आज ही,कल तक,शादी,जन्मदिन
        0.4 second time,third time,again and again,reminder,still waiting,waiting since,days ago,weeks ago,no reply,no response,baar baar,kitni baar,बार बार,दूसरी बार,तीसरी बार
        0.4 second mail,second email,second message,third mail,third email,third message,follow up,following up,# time,# times,# mails,# emails,days now,weeks now,overdue,have been waiting,been waiting,phir se likh,dobara likh,# baar,doosri baar,dusri baar,teesri baar,din ho gaye,hafte ho gaye,kab se,intezaar,intzaar,intezar,# बार,दिन हो गए,हफ्ते हो गए,कब से,फिर से लिख,दोबारा लिख
        0.5 need it by,need it before,needed by,needed before,must arrive by,must have it by,latest by,running out of time,time is running,flight,function hai,tyohar,for diwali,for rakhi,for eid,for christmas,expires,se pehle chahiye,tak chahiye,तक चाहिए,से पहले चाहिए,त्योहार
        """

    private static let legal = """
        0.9 lawyer,lawyers,attorney,advocate,solicitor,legal action,legal notice,legal proceedings,legal steps,sue you,sue your,suing,lawsuit,small claims,consumer court,consumer forum,consumer complaint forum,consumer commission,consumer protection,consumer helpline,trading standards,ombudsman,chargeback,charge back,dispute the charge,dispute the payment,dispute this charge,dispute this with my bank,police,fir,cyber crime,cybercrime,go to court,take you to court,see you in court,in court,jago grahak
        0.9 vakil,vakeel,wakil,wakeel,kanooni,kanuni,kanooni karwai,kanuni karyawahi,upbhokta,upbhokta forum,upbhokta adalat,adalat,court jaunga,court jaungi,court me,court mein,consumer court me,police me,police mein,police complaint,thane me,case karunga,case karungi,case kar dunga,legal notice
        0.9 वकील,कानूनी,कानूनी कार्रवाई,उपभोक्ता फोरम,उपभोक्ता अदालत,उपभोक्ता न्यायालय,उपभोक्ता आयोग,उपभोक्ता मंच,अदालत,न्यायालय,कोर्ट,पुलिस,थाने,एफआईआर,लीगल नोटिस,मुकदमा,केस करूंगा,केस करूंगी,केस कर दूंगा,चार्जबैक
        """

    /// Said to harm the shop in public.
    private static let press = """
        0.9 go to the press,going to the press,tell the press,contact the press,inform the press,contact the media,go to the media,going to the media,inform the media,tell the media,newspaper,newspapers,journalist,journalists,reporter,news channel,tv channel,on television,go viral,make this viral,make it viral,expose you,exposing you,go public,going public,name and shame,post … social media,post … twitter,post … facebook,post … instagram,post … linkedin,post … youtube,share … social media,write … social media,put … social media,all over social media,tweet about,tweet this,one star review,bad review everywhere
        0.9 media mein jaunga,media mein jaungi,media me jaunga,media me jaungi,media ke paas,media ko bata,media mein bata,akhbar,akhbaar,patrakar,news channel,twitter pe daal,twitter par daal,twitter pe dal,twitter par dal,facebook pe daal,facebook par daal,insta pe daal,social media pe daal,social media par daal,social media pe dal,social media par dal,social media pe likh,social media par likh,viral kar
        0.9 मीडिया में,मीडिया को,अखबार,अख़बार,पत्रकार,न्यूज चैनल,ट्विटर पर डाल,ट्विटर पर लिख,फेसबुक पर डाल,फेसबुक पर लिख,सोशल मीडिया पर डाल,सोशल मीडिया पर लिख,वायरल कर
        """

    /// Somebody was hurt, or could be.
    private static let safety = """
        1.5 unsafe,injured,injury,injuries,burnt my,burned my,burnt her hand,burnt his hand,burned her hand,burned his hand,cut my hand,cut my finger,cut my lip,cut his hand,cut her hand,cut his finger,cut her finger,cut his lip,cut her lip,cut myself,bleeding,bled,caught fire,on fire,catching fire,exploded,explosion,burst into,electric shock,got a shock,hospitalised,hospitalized,rushed rushed to the hospital,go to hospital,go to the hospital,went to hospital,went to the hospital,taken to hospital,taken to the hospital,to hospital,allergic reaction,poisoned,poisoning,choked,choking,hazard,hazardous,dangerous,sparks,smoke coming,got hurt,was hurt,hurt my hand,hurt my foot,hurt himself,hurt herself,scalded,broken glass in
        1.5 chot lag,chot lagi,chot aayi,chot aa,haath jal,hath jal,haath kat,hath kat,ungli kat,muh jal,aag lag,aag pakad,current lag,current laga,bijli ka jhatka,jhatka laga,khoon nikal,khoon aa,blast ho,khatarnak,khatarnaak,aspatal jana,aspatal le,hospital le,hospital jana,ghayal
        1.5 चोट,आग लग,आग पकड़,हाथ जल,हाथ कट,उंगली कट,उँगली कट,करंट लग,बिजली का झटका,खून निकल,धमाका,खतरनाक,अस्पताल जाना,अस्पताल ले,घायल,जहर
        """

    /// The writer may harm herself: nothing is more urgent.
    private static let selfHarm = """
        3 kill myself,killing myself,end my life,ending my life,take my own life,suicide,suicidal,want to die,wanna die,hurt myself,harm myself,hurting myself,harming myself,no reason to live,dont want to live,do not want to live,better off dead,end it all,cant go on living,not worth living,wish i was dead,wish i were dead
        3 jaan de dun,jaan de du,jaan dedunga,jaan dedungi,jaan de dunga,jaan de dungi,mar jaunga,mar jaungi,marna chahta,marna chahti,aatmahatya,atmahatya,aatmhatya,khudkushi,khudkhushi,jeena nahi,jina nahi,jeene ka mann nahi,khud ko maar,khud ko nuksan,zindagi khatam
        3 आत्महत्या,खुदकुशी,ख़ुदकुशी,जान दे दूं,जान दे दूँ,जान दे दूंगा,जान दे दूंगी,जान दे दूँगा,जान दे दूँगी,मर जाऊंगा,मर जाऊंगी,मर जाऊँगा,मर जाऊँगी,मरना चाहता,मरना चाहती,जीना नहीं,जीने का मन नहीं,खुद को मार,जिंदगी खत्म
        """

    /// The wish for a human being.
    private static let person = """
        1 talk … human,talk … person,talk … agent,talk … representative,talk … operator,talk … executive,talk … someone,talk … somebody,talk … manager,talk … supervisor,talk … real,talk … assistant,talk … staff,talk … people,talk … advisor
        1 speak … human,speak … person,speak … agent,speak … representative,speak … operator,speak … executive,speak … someone,speak … somebody,speak … manager,speak … supervisor,speak … real,speak … assistant,speak … staff,speak … advisor,speaking … human,speaking … person,speaking … agent,talking … human,talking … person,talking … agent
        1 chat … human,chat … person,chat … agent,chat … representative,chat … operator,chat … someone,chat … executive,chat … assistant,connect me … human,connect me … person,connect me … agent,connect me … someone,connect me … executive,connect me … representative,connect me … manager,transfer me,put me through,forward … to a human,escalate … manager,escalate … human,escalate … supervisor,escalate … senior
        1 real person,real human,human being,actual person,actual human,live agent,live person,human agent,human please,human support,human reply,living person,person not a bot,not a bot,not a robot,no bot,no bots,no robot,no robots,not from a bot,not an automated,not automated,no automated,stop … automated,stop … bot,want a human,need a human,want a person,need a person,want an agent,need an agent,get me a human,get me a person,get me … manager,contact a human,reach a human,reach a person,reach an agent,contact an agent,contact a person,contact … human
        1 call me back,please call me,someone call me,call me on,give me a call,ring me,phone me,callback,someone contact me,someone to contact me,have someone call,somebody call me,want a call,need a call
        1 insaan se,insan se,kisi insaan,kisi insan,aadmi se baat,admi se baat,vyakti se,kisi vyakti,kisi se baat,agent se,executive se,manager se,representative se,operator se,customer care se baat,kisi bande se,bande se baat,asli insaan,asli insan,supervisor se,senior se baat,human se,person se baat,team se baat,robot se nahi,bot se nahi,machine se nahi,mujhe call kar,mujhe call karo,mujhe call kare,mujhe call karein,mujhe call kijiye,mujhe phone kar,mujhe phone karo,call karwa,call back kar,call kar lo,call kijiye,phone kijiye,call karo mujhe,baat karwao,baat karwa,baat karao,baat kara do,baat karni hai kisi
        1 इंसान से,किसी इंसान,व्यक्ति से,किसी व्यक्ति,आदमी से बात,किसी से बात,एजेंट से,अधिकारी से,प्रतिनिधि से,मैनेजर से,मैनेजर … बात,ऑपरेटर से,कर्मचारी से,ग्राहक सेवा अधिकारी,सुपरवाइजर से,असली इंसान,मशीन से नहीं,रोबोट से नहीं,रोबोट नहीं,बॉट से नहीं,बात करवा,बात करवाइए,बात कराइए,बात करवाएं,मुझे कॉल कर,मुझे कॉल करें,मुझे कॉल कीजिए,मुझे फोन कर,मुझे फोन करें,मुझे फोन कीजिए,कॉल बैक,फोन करवा
        1 human only,humans only,no more bot,no more bots,no more robots,dont want a bot,dont want to talk to a bot,dont want a robot,dont want to chat with a bot,not want a bot,dont want a machine,dont want automated,dont want an automated,instead of a bot,instead of a robot,instead of a machine,rather than a bot,sick of bots,sick of your bot,enough of this bot,are you a bot,are you a robot,are you human,is this a bot,is this a robot,anyone human,any human,some human,is there a human,is there a person,is anyone there,is anybody there,anybody real,somebody real,someone real,a human to,a person to reply,a human to reply,somebody to reply personally,reply personally,personal reply,speak to your,talk to your,speak with your,talk with your,talk … team member,speak … team member,speak … human,talk … superior,speak … superior,hand me over,hand me to,pass me on,pass me to,pass this to a,route me to,let a human,have a human,let a person,have a person,request a call,request a callback,arrange a call,schedule a call,give me … number to call,number i can call,number to call,call me,someone in charge,person in charge,customer care number,customer care executive,human touch
        1 insaan chahiye,insan chahiye,call back kijiye,call back karo,call back kare,call back karein,call back kar do,callback karo,insaan se baat,asli aadmi,asli admi,kisi aadmi se,kisi admi se,kisi asli,bot nahi chahiye,robot nahi chahiye,machine nahi chahiye,bot se baat nahi,robot se baat nahi,machine se baat nahi,bade adhikari,adhikari se,senior se,senior se baat,manager ko bulao,manager se milna,kisi se milna,kisi ko bolo call,call karao,call karwao,call karwaiye,call lagao,phone karwa,phone karo,phone kar do,call kar do,call kar dijiye,baat karaiye,baat karwaiye,baat karni hai,baat karna chahta,baat karna chahti,customer care ka number,customer care number,helpline number
        1 इंसान चाहिए,इंसान से बात,आदमी चाहिए,असली आदमी,बॉट नहीं,बॉट नहीं चाहिए,रोबोट नहीं चाहिए,मशीन नहीं,सीनियर से,वरिष्ठ अधिकारी,मैनेजर को,प्रबंधक से,बात करनी है,बात करना चाहता,बात करना चाहती,बात कराओ,बात करवाओ,बात करा दीजिए,फोन कर दीजिए,कॉल कर दीजिए,कॉल करो,कॉल कीजिए,फोन करो,फोन कीजिए,मुझे कॉल,हेल्पलाइन नंबर,कस्टमर केयर का नंबर
        """

    /// Said of a parcel that did not come, whatever the carrier says.
    private static let notReceived = """
        1 not received,never received,didnt receive,did not receive,not yet received,havent received,have not received,hasnt been received,not arrived,never arrived,hasnt arrived,has not arrived,didnt arrive,did not arrive,never came,nothing came,nothing arrived,didnt get,did not get,never got,havent got,have not got,not delivered,never delivered,wasnt delivered,was not delivered,missing parcel,missing package,lost parcel,lost package,nowhere to be found,no sign of,nothing at my door,nothing at the door,nothing here,nothing there,is not here,isnt here,is not there,isnt there,wasnt there,not with me,nobody received,no one received,no parcel came,no package came
        1 nahi mila,nahi mili,nahin mila,nahin mili,nhi mila,nhi mili,nahi aaya,nahi aayi,nahin aaya,nhi aaya,nahi pahuncha,nahi pahunchi,nhi pahuncha
        1 mila hi nahi,mili hi nahi,aaya hi nahi,aayi hi nahi,pahuncha hi nahi,pohcha nahi,kuch nahi aaya,kuch nahi mila,kuch bhi nahi mila,ghar par nahi aaya
        1 मिला ही नहीं,मिली ही नहीं,आया ही नहीं,आई ही नहीं,पहुंचा ही नहीं,पहुँचा ही नहीं,कुछ नहीं आया,कुछ नहीं मिला,कुछ भी नहीं मिला
        1 नहीं मिला,नहीं मिली,नहीं मिले,नहीं आया,नहीं आई,नहीं पहुंचा,नहीं पहुंची,नहीं पहुँचा,नहीं पहुँची
        """

    /// Said of goods that came broken or were other ones.
    private static let damaged = """
        1 broken,cracked,chipped,shattered,damaged,defective,smashed,in pieces,torn,wrong item,wrong product,wrong colour,wrong color,wrong size,different item,different product,piece missing,pieces missing,item missing,items missing,is missing from,was missing from,are missing from,were missing from,is missing in,missing from the box,missing from the parcel,not in the box,not in the parcel,not in the package,isnt in the box,isnt in the parcel,isnt in the package,wasnt in the box,wasnt in the parcel,wasnt in the package,a crack,big crack,has cracks,came with a hole,a dent,dented,scratched,bent,leaking,leaked,stopped working,not working properly,dead on arrival,faulty,shards,snapped,ripped,sent me the wrong,sent the wrong,got the wrong,received the wrong,short by one,one short
        1 toota,tuta,tooti,tuti,toote,tute,phata,phati,kharab nikla,kharab nikli,galat saman,galat samaan,galat item,galat product,galat cheez,galat rang,galat size bhej,doosra saman bhej,tha hi nahi,thi hi nahi,ek kam hai,cheez kam,ek cheez kam,saman kam,dabbe mein nahi,box mein nahi,parcel mein nahi,daraar,darar,chatak gaya,chatka hua
        1 टूटा,टूटी,टूटे,टूट गया,टूट गई,फटा,फटी,खराब निकला,खराब निकली,गलत सामान,गलत आइटम,गलत चीज,गलत रंग,दूसरा सामान भेज,था ही नहीं,थी ही नहीं,चीज कम,एक कम है,सामान कम,डिब्बे में नहीं,पार्सल में नहीं,दरार,चटक
        """

    private static let thanks = """
        0.5 thank you,thanks,thankyou,thank u,thnx,thx,many thanks,much appreciated,grateful,appreciate it,appreciate your,cheers,shukriya,shukria,dhanyavad,dhanyawad,dhanyavaad,धन्यवाद,शुक्रिया,आभार,थैंक यू,थैंक्स,थैंक्यू
        """

    /// Said when a matter is at its end.
    private static let settled = """
        1 solved,resolved,sorted,all good,all fine,got it,it works,works now,working now,worked,arrived today,has arrived,arrived safely,received it,received the,received my,no longer needed,never mind,problem is gone,everything is fine,issue is closed,you can close,close this ticket,close the ticket,that helps,that helped,very helpful,understood,noted,ho gaya,hogaya,mil gaya,mil gayi,mil gya,aa gaya,theek ho gaya,solve ho gaya,samajh gaya,samajh gayi,हो गया,मिल गया,मिल गई,आ गया,ठीक हो गया,समझ गया,समझ गई,हल हो गया
        """

    /// Speaks of an order that was placed, not of deliveries in general.
    private static let ownOrder = """
        1 my order,my last order,my latest order,my recent order,my parcel,my package,my shipment,my delivery,my purchase,our order,our parcel,i ordered,we ordered,have ordered,this order,the order i placed,placed an order,mera order,mera parcel,mera saman,mera package,mere order,mere parcel,humara order,hamara order,order kiya tha,मेरा ऑर्डर,मेरा पार्सल,मेरा सामान,मेरे ऑर्डर,मेरे पार्सल,हमारा ऑर्डर,ऑर्डर किया था,मंगवाया था,मंगवाई थी,मँगवाया था,मँगवाई थी
        """

    /// Speaks of an order that may be placed.
    private static let futureOrder = """
        1 if i order,if we order,if i place,before i order,before ordering,when i order,were to order,want to order,like to order,thinking of,planning to,agar order,agar main order,order karu to,order karun to,अगर मैं,अगर आज,ऑर्डर करूं तो,ऑर्डर करूँ तो
        """
}
