using SegmentPush.Lists;

namespace SegmentPush.Core.Tests.Lists;

/// <summary>What is done about one person and a list: rules that hold for every combination of facts, and the table of the usual ones.</summary>
public sealed class ListReconcilerTests
{
    private static readonly PushMode[] s_modes = Enum.GetValues<PushMode>();

    [Fact]
    public void Nobody_that_any_row_puts_into_the_segment_is_removed()
    {
        foreach (var (mode, person, action) in All())
        {
            bool isIn = person.IsNamedOtherwise || person.Named.HasFlag(NamedBy.Row) || (person.Named.HasFlag(NamedBy.Fault) && !person.Named.HasFlag(NamedBy.Exit));
            if (isIn) Assert.False(action == ListAction.Remove, $"{mode} {person}");
        }
    }

    [Fact]
    public void Only_people_on_the_list_are_removed_and_only_by_a_mirror_or_an_exit()
    {
        foreach (var (mode, person, _) in All().Where(entry => entry.Action == ListAction.Remove))
        {
            Assert.True(person.IsListed ?? person.IsMember, $"{mode} {person}");
            Assert.True(mode == PushMode.Mirror || person.Named.HasFlag(NamedBy.Exit), $"{mode} {person}");
        }
    }

    [Fact]
    public void Only_members_that_the_list_lacks_are_put_back_and_only_where_that_can_be_done()
    {
        foreach (var (mode, person, _) in All().Where(entry => entry.Action == ListAction.PutBack))
            Assert.True(person is { IsMember: true, IsListed: false } && (person.HasId || person.Named.HasFlag(NamedBy.Row)), $"{mode} {person}");
    }

    [Fact]
    public void The_snapshot_equals_the_list_after_every_decision()
    {
        foreach (var (mode, person, action) in All().Where(entry => entry.Person.IsListed is not null))
        {
            bool isOnList = action switch
            {
                ListAction.Add or ListAction.PutBack => true,
                ListAction.Remove => false,
                _ => person.IsListed!.Value,
            };
            bool isMember = action switch
            {
                ListAction.Learn or ListAction.Add or ListAction.PutBack => true,
                ListAction.Forget or ListAction.Remove => false,
                _ => person.IsMember,
            };
            Assert.True(isOnList == isMember, $"{mode} {person}: {action}");
        }
    }

    [Theory]
    [InlineData(PushMode.Mirror, true, true, NamedBy.Nobody, ListAction.Remove)]
    [InlineData(PushMode.Mirror, true, null, NamedBy.Nobody, ListAction.Remove)]
    [InlineData(PushMode.Mirror, true, true, NamedBy.Fault, ListAction.Leave)]
    [InlineData(PushMode.Mirror, true, false, NamedBy.Row, ListAction.PutBack)]
    [InlineData(PushMode.Mirror, true, false, NamedBy.Nobody, ListAction.Forget)]
    [InlineData(PushMode.Mirror, false, true, NamedBy.Nobody, ListAction.Remove)]
    [InlineData(PushMode.Mirror, false, true, NamedBy.Fault, ListAction.Learn)]
    [InlineData(PushMode.Mirror, false, true, NamedBy.Row, ListAction.Learn)]
    [InlineData(PushMode.Mirror, false, false, NamedBy.Row, ListAction.Add)]
    [InlineData(PushMode.Append, true, true, NamedBy.Nobody, ListAction.Leave)]
    [InlineData(PushMode.Append, true, false, NamedBy.Nobody, ListAction.Forget)]
    [InlineData(PushMode.Append, false, true, NamedBy.Nobody, ListAction.Learn)]
    [InlineData(PushMode.Delta, true, true, NamedBy.Exit, ListAction.Remove)]
    [InlineData(PushMode.Delta, true, true, NamedBy.Exit | NamedBy.Fault, ListAction.Remove)]
    [InlineData(PushMode.Delta, true, false, NamedBy.Exit, ListAction.Forget)]
    [InlineData(PushMode.Delta, true, false, NamedBy.Nobody, ListAction.PutBack)]
    [InlineData(PushMode.Delta, false, true, NamedBy.Exit, ListAction.Remove)]
    [InlineData(PushMode.Delta, false, null, NamedBy.Exit, ListAction.Leave)]
    public void The_table_of_the_usual_cases(PushMode mode, bool isMember, bool? isListed, object named, object action) => Assert.Equal(
        (ListAction)action, ListReconciler.Decide(mode, new PersonFacts(isMember, isListed, (NamedBy)named) { HasId = true, IsFromSegment = true }));

    [Fact]
    public void A_member_that_another_row_names_by_a_new_identity_stays()
    {
        foreach (var mode in s_modes)
        {
            var leaver = new PersonFacts(IsMember: true, IsListed: true, NamedBy.Exit) { IsNamedOtherwise = true, HasId = true };
            Assert.Equal(ListAction.Leave, ListReconciler.Decide(mode, leaver));
        }
    }

    [Fact]
    public void People_that_others_put_on_the_list_are_not_put_back_once_others_take_them_off()
    {
        var guest = new PersonFacts(IsMember: true, IsListed: false, NamedBy.Nobody) { HasId = true, IsFromSegment = false };
        Assert.Equal(ListAction.Forget, ListReconciler.Decide(PushMode.Delta, guest));
    }

    [Fact]
    public void A_member_whose_identity_another_person_has_by_now_is_not_put_back_and_leaves_a_mirror()
    {
        var known = new PersonFacts(IsMember: true, IsListed: true, NamedBy.Row) { HasId = true, IsIdentityTaken = true };

        Assert.Equal(ListAction.Remove, ListReconciler.Decide(PushMode.Mirror, known));
        Assert.Equal(ListAction.Leave, ListReconciler.Decide(PushMode.Mirror, known with { IsNamedOtherwise = true }));
        Assert.Equal(ListAction.Leave, ListReconciler.Decide(PushMode.Append, known));
        Assert.Equal(ListAction.Forget, ListReconciler.Decide(PushMode.Mirror, known with { IsListed = false }));
    }

    [Fact]
    public void A_person_that_an_earlier_process_took_off_a_mirror_counts_as_removed_unless_the_segment_names_the_person()
    {
        var member = new PersonFacts(IsMember: true, IsListed: false, NamedBy.Nobody) { HasId = true, MayBeOff = true };

        Assert.Equal(ListAction.CountRemoved, ListReconciler.Decide(PushMode.Mirror, member));
        Assert.Equal(ListAction.CountRemoved, ListReconciler.Decide(PushMode.Mirror, member with { IsMember = false }));
        Assert.Equal(ListAction.PutBack, ListReconciler.Decide(PushMode.Mirror, member with { Named = NamedBy.Row }));
        Assert.Equal(ListAction.Forget, ListReconciler.Decide(PushMode.Delta, member with { Named = NamedBy.Exit }));
    }

    [Theory]
    [InlineData(ImportedIdentity.KnownOtherwise, true)]
    [InlineData(ImportedIdentity.Replaced, false)]
    [InlineData(ImportedIdentity.LeftBehind, false)]
    public void An_imported_person_was_a_member_only_where_the_snapshot_knew_that_very_person(object identity, bool wasMember) =>
        Assert.Equal(wasMember, ListReconciler.WasMember((ImportedIdentity)identity));

    private static IEnumerable<(PushMode Mode, PersonFacts Person, ListAction Action)> All()
    {
        bool[] both = [false, true];
        foreach (var mode in s_modes)
        {
            foreach (var named in Enumerable.Range(0, 8).Select(i => (NamedBy)i).Where(named => !named.HasFlag(NamedBy.Row | NamedBy.Exit)))
            {
                foreach (bool? isListed in new bool?[] { null, false, true })
                {
                    foreach (bool isMember in both)
                    {
                        foreach (int i in Enumerable.Range(0, 8))
                        {
                            var person = new PersonFacts(isMember, isListed, named) { IsNamedOtherwise = (i & 1) != 0, IsFromSegment = (i & 2) != 0, HasId = (i & 4) != 0 };
                            yield return (mode, person, ListReconciler.Decide(mode, person));
                        }
                    }
                }
            }
        }
    }
}
