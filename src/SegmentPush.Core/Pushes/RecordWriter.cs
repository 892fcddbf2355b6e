using System.Text.Json;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Writes a person as a record of Sync Leads. An empty value is left out, which leaves the field as it is.</summary>
internal sealed class RecordWriter
{
    private readonly FieldWriter _identity;
    private readonly FieldWriter[] _fields;

    /// <summary>Makes a writer.</summary>
    /// <param name="mapping">The fields.</param>
    /// <param name="creates">Whether people may be created, and so company fields are sent at all.</param>
    public RecordWriter(Mapping mapping, bool creates)
    {
        _identity = new FieldWriter(mapping.IdentityField, true);
        _fields = [.. mapping.AttributeFields.Select(field => new FieldWriter(field, creates || !field.IsCompanyField))];
    }

    /// <summary>Writes the record that the identity finds.</summary>
    public void Write(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        _identity.Write(json, person.Identity);
        WriteFields(json, person);
        json.WriteEndObject();
    }

    /// <summary>Writes the record that the identity finds, without any field.</summary>
    public void WriteIdentity(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        _identity.Write(json, person.Identity);
        json.WriteEndObject();
    }

    /// <summary>Writes the record that the person's id finds.</summary>
    public void WriteById(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        json.WriteNumber("id", person.MarketoId!.Value);
        WriteFields(json, person);
        json.WriteEndObject();
    }

    /// <summary>Whether a person's record, as it is written, holds a company field.</summary>
    public bool HasCompanyField(Person person)
    {
        for (int i = 0; i < _fields.Length; i++)
        {
            if (_fields[i].IsCompanyField && Holds(person, i)) return true;
        }

        return false;
    }

    private void WriteFields(Utf8JsonWriter json, Person person)
    {
        for (int i = 0; i < _fields.Length; i++)
        {
            if (Holds(person, i)) _fields[i].Write(json, person.Values[i]);
        }
    }

    private bool Holds(Person person, int field) =>
        _fields[field].IsSent && !(person.IsWithoutCompany && _fields[field].IsCompanyField) && !person.Values[field].IsEmpty;

    private sealed class FieldWriter(TargetField field, bool isSent)
    {
        private readonly JsonEncodedText _name = JsonEncodedText.Encode(field.Name);
        private readonly bool _isLiteral = field.Form is ValueForm.Integer or ValueForm.Number or ValueForm.Boolean;

        public bool IsSent => isSent;

        public bool IsCompanyField { get; } = field.IsCompanyField;

        public void Write(Utf8JsonWriter json, ReadOnlySpan<char> value)
        {
            json.WritePropertyName(_name);

            // Mapped values of these forms are valid JSON as they stand.
            if (_isLiteral) json.WriteRawValue(value);
            else json.WriteStringValue(value);
        }
    }
}
