# What a new Request Tracker gets besides its defaults (rt-setup-database --action insert): all that the REST
# interface of RT 5 cannot make itself, custom fields of a queue and rights above all.
our @Queues = (
    {
        Name => 'Support', Description => 'Mail from customers',
        CorrespondAddress => 'support@neemandclay.example', CommentAddress => 'support-comment@neemandclay.example',
    },
    {
        Name => 'Complaints', Description => 'What the support lead sees first',
        CorrespondAddress => 'complaints@neemandclay.example',
        CommentAddress => 'complaints-comment@neemandclay.example',
    },
);

my @every_queue = map { $_->{Name} } @Queues;
our @CustomFields = (
    { Name => 'External ID',  Type => 'FreeformSingle', UniqueValues => 1 },
    { Name => 'Order Number', Type => 'FreeformSingle' },
    { Name => 'Intent',       Type => 'FreeformSingle' },
    { Name => 'Language',     Type => 'FreeformSingle' },
    { Name => 'Tags',         Type => 'FreeformMultiple' },
    {
        Name => 'Category', Type => 'SelectSingle',
        Values => [
            { Name => 'refund',   SortOrder => 1 },
            { Name => 'shipping', SortOrder => 2 },
            { Name => 'other',    SortOrder => 3 },
        ],
    },
);
@CustomFields = map { { %$_, LookupType => 'RT::Queue-RT::Ticket', Queue => [@every_queue] } } @CustomFields;

# A desk logs in as a user of its own, with an agent's rights and no more.
our @Groups = ({ Name => 'Support Team', Description => 'agents' });
our @Users = (
    { Name => 'agent1', EmailAddress => 'agent1@neemandclay.example', RealName => 'Agent One', Password => 'agent1pass', Privileged => 1 },
    { Name => 'agent2', EmailAddress => 'agent2@neemandclay.example', RealName => 'Agent Two', Password => 'agent2pass', Privileged => 1 },
    { Name => 'auradesk', EmailAddress => 'desk@neemandclay.example', RealName => 'AuraDesk', Password => 'auradeskpass', Privileged => 1 },
);
our @Members = map { { Group => 'Support Team', GroupDomain => 'UserDefined', Class => 'RT::User', Name => $_->{Name} } } @Users;

my @rights = qw(
    SeeQueue ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket CreateTicket OwnTicket TakeTicket StealTicket
    ModifyTicket SeeCustomField ModifyCustomField SetInitialCustomField ShowOutgoingEmail ForwardMessage Watch
);
our @ACL = { GroupDomain => 'SystemInternal', GroupType => 'Privileged', Right => 'ManageAuthTokens' };
for my $queue (@every_queue) {
    # Strangers may write in by mail.
    push @ACL, map { { GroupDomain => 'SystemInternal', GroupType => 'Everyone', Queue => $queue, Right => $_ } } qw(CreateTicket ReplyToTicket);
    push @ACL, map { { GroupDomain => 'UserDefined', GroupId => 'Support Team', Queue => $queue, Right => $_ } } @rights;
}
1;
